import { errorOf, Interrupted } from '../errors.js';
import type { HashedFile } from './file-hash.js';
import { aheadChunk, hashAhead } from './hash-content.js';
import { hashFile } from './hash-file.js';
import { type HashWorker, startHashWorker } from './start-worker.js';
import { startTensorLane } from './tensor-lane.js';

export interface Hashing {
  readonly signal: AbortSignal;
  readonly onBytes: (count: number) => void;
}

/** Somebody that hashes one file after another. */
export interface Hasher {
  readonly hash: (path: string, hashing: Hashing) => Promise<HashedFile>;
  readonly close: () => void;
}

/** Hashes whole files on a thread of its own; on this one where there can be no other. */
export async function startFileHasher(): Promise<Hasher> {
  const worker = await startHashWorker();
  if (worker === undefined) return ownThread;
  return { hash: (path, hashing) => hashOn(worker, path, hashing), close: worker.end };
}

const ownThread: Hasher = { hash: hashFile, close: () => {} };

/** Hashes a file that is alone: this thread reads and hashes, and the tensors are hashed on another. */
export async function startLoneHasher(twoThreads: boolean): Promise<Hasher> {
  const lane = twoThreads ? await startTensorLane(aheadChunk) : undefined;
  if (lane === undefined) return ownThread;
  const hashContent = hashAhead(lane);
  return { hash: (path, hashing) => hashFile(path, { ...hashing, hashContent }), close: lane.close };
}

/** Whoever waits is told at once that it is over, even while the thread is stuck in a read. */
async function hashOn(worker: HashWorker, path: string, { signal, onBytes }: Hashing): Promise<HashedFile> {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  let abort = () => {};
  try {
    return await new Promise((resolve, reject) => {
      abort = () => {
        Atomics.store(stop, 0, 1);
        reject(new Interrupted());
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort);
      worker.listen((word) => {
        if (word.kind === 'bytes') onBytes(word.count);
        else if (word.kind === 'hashed') resolve(word.hashed);
        else if (word.kind === 'failed') reject(errorOf(word.failure));
      }, reject);
      worker.tell({ kind: 'file', path, stop });
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
