import { setMaxListeners } from 'node:events';
import { ComfyError, checkInterrupted, ServerError } from '../../errors.js';
import { openBoard, type Spreading } from './board.js';

export type { Outcome, Spreading } from './board.js';

/** Somebody who does one task at a time: a place in the queue of a server. */
export interface Lane<Task, Made> {
  /** Of the server; lanes of one name leave together. */
  readonly name: string;
  /** @throws ServerError where the server, or this task on it, failed */
  readonly run: (task: Task, signal: AbortSignal) => Promise<Made>;
}

/**
 * The prompt is to blame, or what this server has of what it needs, or its memory: another server may do it. Everything else says that a server is not
 * to be counted on.
 */
const taskCodes: readonly string[] = [
  ...['prompt-refused', 'run-failed', 'run-interrupted'],
  ...['class-missing', 'interface-changed'],
];

export const isOfTheTask = ({ code }: ServerError): boolean => taskCodes.includes(code);

/**
 * Does all tasks, each once, on several lanes: whoever is free takes the next one, so the fastest and least loaded does most. A lane whose
 * server fails is left out and its task goes to the others; a task that fails goes to the others too.
 * @throws ServerError `no-server-left`, or the one failure of all where nothing could be made; Interrupted; whatever else a lane throws
 */
export async function spread<Task, Made>(
  tasks: readonly Task[],
  lanes: readonly Lane<Task, Made>[],
  spreading: Spreading<Made>,
): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([spreading.signal, ending.signal]);
  // Every lane listens to it, and so does what a lane waits for.
  setMaxListeners(0, signal);
  const board = openBoard<Made>(
    tasks.length,
    lanes.map(({ name }) => name),
    spreading,
  );
  const walk = async (lane: Lane<Task, Made>) => {
    for (let index = await board.next(lane.name); index !== undefined; index = await board.next(lane.name)) {
      checkInterrupted(signal);
      try {
        const made = await lane.run(tasks[index] as Task, signal);
        await board.done(index, made);
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        if (isOfTheTask(error)) await board.refuse(index, lane.name, error);
        else await board.leave(index, lane.name, error);
      }
    }
  };
  const walks = lanes.map((lane) =>
    walk(lane).catch((error: unknown) => {
      ending.abort();
      board.end();
      throw error;
    }),
  );
  const ended = await Promise.allSettled(walks);
  const failures = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  // What was stopped because of another one says nothing.
  const [first] = failures.sort((a, b) => rank(a) - rank(b));
  if (first !== undefined) throw first;
  board.finish();
}

const rank = (error: unknown) => (error instanceof ComfyError && error.code === 'interrupted' ? 1 : 0);
