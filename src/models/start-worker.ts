import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerTask, WorkerWord } from './worker-messages.js';

/** A thread of ours that has said that it is there. */
export interface HashWorker {
  readonly tell: (task: WorkerTask) => void;
  /** From now on it is these that hear its words, and what ended it. */
  readonly listen: (onWord: (word: WorkerWord) => void, onEnd: (error: Error) => void) => void;
  /** The thread ends when it is done with what it was told. */
  readonly end: () => void;
}

/**
 * Starts a worker thread for hashing. `undefined` where none can be had (no memory for one, or this code was bundled without its
 * worker): then the thread that asks has to do the work.
 */
export async function startHashWorker(): Promise<HashWorker | undefined> {
  const file = await workerFile();
  if (file === undefined) return undefined;
  const worker = new Worker(file, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 32 } });
  let hear: (word: WorkerWord) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const up = new Promise<boolean>((resolve) => {
    hear = () => resolve(true);
    fail = () => resolve(false);
  });
  worker.on('message', (word: WorkerWord) => hear(word));
  let ended: Error | undefined;
  const end = (error: Error) => {
    ended ??= error;
    fail(ended);
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the hashing thread ended')));
  if (!(await up)) return undefined;
  return {
    tell: (task) => worker.postMessage(task),
    listen(onWord, onEnd) {
      hear = onWord;
      fail = onEnd;
      if (ended !== undefined) onEnd(ended);
    },
    // Not terminated: a thread that is stopped in the middle of a read now and then takes the whole process with it (Node 20).
    end: () => worker.postMessage({ kind: 'close' } satisfies WorkerTask),
  };
}

/** Built beside the program: from `dist/chunks/` one folder up; from `src/models/`, as tests run it, in `dist/`. */
async function workerFile(): Promise<string | undefined> {
  const here = dirname(fileURLToPath(import.meta.url));
  for (const file of ['hash-worker.js', '../hash-worker.js', '../../dist/hash-worker.js']) {
    const path = join(here, file);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return path;
  }
  return undefined;
}
