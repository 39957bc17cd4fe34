import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** A thread of ours that has said that it is there. */
export interface Thread<Task, Word> {
  readonly tell: (task: Task) => void;
  /** From now on it is these that hear its words, and what ended it. */
  readonly listen: (onWord: (word: Word) => void, onEnd: (error: Error) => void) => void;
  /** The thread ends when it is done with what it was told. */
  readonly end: () => void;
}

/** Every thread of ours understands it. */
export interface CloseTask {
  readonly kind: 'close';
}

/**
 * Starts a worker thread. `undefined` where none can be had (no memory for one, or this code was bundled without its worker): then the thread that asks
 * has to do the work.
 * @param program its file in `dist/`; the first word that it says is that it is there
 * @param megabytes that its objects may take
 */
export async function startThread<Task, Word>(
  program: string,
  megabytes: number,
): Promise<Thread<Task | CloseTask, Word> | undefined> {
  const file = await fileOf(program);
  if (file === undefined) return undefined;
  const worker = new Worker(file, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: megabytes } });
  let hear: (word: Word) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const up = new Promise<boolean>((resolve) => {
    hear = () => resolve(true);
    fail = () => resolve(false);
  });
  worker.on('message', (word: Word) => hear(word));
  let ended: Error | undefined;
  const end = (error: Error) => {
    ended ??= error;
    fail(ended);
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error(`the thread ${program} ended`)));
  if (!(await up)) return undefined;
  return {
    tell: (task) => worker.postMessage(task),
    listen(onWord, onEnd) {
      hear = onWord;
      fail = onEnd;
      if (ended !== undefined) onEnd(ended);
    },
    // Not terminated: a thread that is stopped in the middle of a read now and then takes the whole process with it (Node 20).
    end: () => worker.postMessage({ kind: 'close' } satisfies CloseTask),
  };
}

/** Built beside the program: from `dist/chunks/` one folder up; from `src/files/`, as tests run it, in `dist/`. */
async function fileOf(program: string): Promise<string | undefined> {
  const here = dirname(fileURLToPath(import.meta.url));
  for (const file of [program, `../${program}`, `../../dist/${program}`]) {
    const path = join(here, file);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return path;
  }
  return undefined;
}
