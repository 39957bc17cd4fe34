import { ServerError } from '../../errors.js';
import { newBell } from './bell.js';

/** What became of a task: what was made, or why no server could make it. */
export type Outcome<Made> = { readonly made: Made } | { readonly failed: ServerError };

export interface Spreading<Made> {
  readonly signal: AbortSignal;
  /** So many tasks that nobody can do, before any was done, mean that none can be; three where not given. */
  readonly enoughFailures?: number;
  /** Told of each task once; calls do not wait for each other. */
  readonly onDone: (index: number, outcome: Outcome<Made>) => Promise<void>;
  /** A server is left out from now on. */
  readonly onLeft: (name: string, reason: ServerError) => void;
}

/** What waits, what is being done, and who cannot do it. */
export interface Board<Made> {
  /** The next task for a server; waits while one that is being done may come back; `undefined` where nothing is left for it. */
  readonly next: (name: string) => Promise<number | undefined>;
  readonly done: (index: number, made: Made) => Promise<void>;
  /** A server cannot do a task: others may. */
  readonly refuse: (index: number, name: string, reason: ServerError) => Promise<void>;
  /** A server cannot be counted on any more: its task goes to the others. */
  readonly leave: (index: number, name: string, reason: ServerError) => Promise<void>;
  /** Nobody is to begin anything. */
  readonly end: () => void;
  /** @throws ServerError `no-server-left` where something was not done */
  readonly finish: () => void;
}

/** @param names of the servers, each as often as it has lanes */
export function openBoard<Made>(
  count: number,
  names: readonly string[],
  { onDone, onLeft, enoughFailures = Math.min(3, count) }: Spreading<Made>,
): Board<Made> {
  const waiting = Array.from({ length: count }, (_, index) => index);
  const refusals = newRefusals();
  const present = new Set(names);
  const bell = newBell();
  const counts = { busy: 0, made: 0, failed: 0 };
  let ended = false;
  let lastLeft: ServerError | undefined;
  /** Puts a task back, or gives up what nobody who is left can do. */
  const putBack = async (index: number) => {
    counts.busy--;
    waiting.unshift(index);
    for (const [hopeless, reason] of refusals.ofAll(present)) {
      const at = waiting.indexOf(hopeless);
      if (at < 0) continue;
      waiting.splice(at, 1);
      counts.failed++;
      await onDone(hopeless, { failed: reason });
      if (counts.made === 0 && counts.failed >= enoughFailures) throw reason;
    }
    bell.ring();
  };
  return {
    async next(name) {
      for (;;) {
        if (ended || !present.has(name)) return undefined;
        const at = waiting.findIndex((index) => !refusals.has(index, name));
        if (at >= 0) {
          counts.busy++;
          return waiting.splice(at, 1)[0];
        }
        if (counts.busy === 0) return undefined;
        await bell.next();
      }
    },
    async done(index, made) {
      counts.busy--;
      counts.made++;
      await onDone(index, { made });
      bell.ring();
    },
    refuse(index, name, reason) {
      refusals.add(index, name, reason);
      return putBack(index);
    },
    leave(index, name, reason) {
      lastLeft = reason;
      if (present.delete(name)) onLeft(name, reason);
      return putBack(index);
    },
    end() {
      ended = true;
      bell.ring();
    },
    finish() {
      if (waiting.length > 0) throw noneLeft(waiting.length, count, lastLeft);
    },
  };
}

/** Which servers have refused which tasks. */
function newRefusals() {
  const all = new Map<number, Map<string, ServerError>>();
  return {
    has: (index: number, name: string) => all.get(index)?.has(name) === true,
    add(index: number, name: string, reason: ServerError) {
      all.set(index, (all.get(index) ?? new Map<string, ServerError>()).set(name, reason));
    },
    /** The tasks that each of these servers has refused, with the first reason. */
    ofAll: (names: ReadonlySet<string>) =>
      [...all].flatMap(([index, by]): [number, ServerError][] => {
        const [reason] = by.values();
        return reason !== undefined && names.size > 0 && [...names].every((name) => by.has(name))
          ? [[index, reason]]
          : [];
      }),
  };
}

function noneLeft(left: number, count: number, reason: ServerError | undefined): ServerError {
  if (reason !== undefined && left === count) return reason;
  return new ServerError(
    'no-server-left',
    `${left} of ${count} were not made: ${reason?.message ?? 'no server is left'}`,
    {
      hint: 'start ComfyUI again and run the same command: what was made is not made again',
      cause: reason,
    },
  );
}
