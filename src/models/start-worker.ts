import { startThread, type Thread } from '../files/start-thread.js';
import type { WorkerTask, WorkerWord } from './worker-messages.js';

/** A thread that hashes. */
export type HashWorker = Thread<WorkerTask, WorkerWord>;

/** Starts a worker thread for hashing; `undefined` where there can be none. */
export const startHashWorker = (): Promise<HashWorker | undefined> =>
  startThread<WorkerTask, WorkerWord>('hash-worker.js', 32);
