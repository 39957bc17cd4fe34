import { availableParallelism } from 'node:os';
import type { Talk } from '../context.js';
import { Interrupted } from '../errors.js';
import type { HashedFile } from './file-hash.js';
import { type Hasher, startFileHasher, startLoneHasher } from './hash-pool.js';
import { type HashProgress, startHashProgress } from './hash-progress.js';
import { isSafetensorsName } from './safetensors-header.js';

/** A file that has to be read. */
export interface WaitingFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

export interface Work<File extends WaitingFile> {
  /** Nothing is begun, and nothing finished, after it fired. */
  readonly signal: AbortSignal;
  readonly talk: Talk;
  /** As soon as a file is finished; `began` is in milliseconds since 1970. */
  readonly onHashed: (file: File, hashed: HashedFile, began: number) => Promise<void>;
  readonly onFailed: (file: File, error: Error) => void;
  readonly now: () => number;
}

/** Less than this is hashed before a thread would have started. Bytes. */
const worthThreads = 16 * 1024 * 1024;

/** More threads than these would wait for the disk, and take memory. */
const maxThreads = 8;

/** From this many times the size of the next smaller one, both threads on one file are sooner done than one of them. */
const farLarger = 3;

/**
 * Reads files, smallest first, so that whoever has little time gets the most out of it: as many at once as there are processors, and one
 * that is alone (or as good as alone) with its two digests on two of them.
 */
export async function hashWaiting<File extends WaitingFile>(files: readonly File[], work: Work<File>): Promise<void> {
  if (work.signal.aborted) {
    for (const file of files) work.onFailed(file, new Interrupted());
    return;
  }
  const queue = [...files].sort((a, b) => a.size - b.size);
  const total = queue.reduce((sum, { size }) => sum + size, 0);
  const threads = total < worthThreads ? 1 : Math.min(availableParallelism(), maxThreads);
  const progress = startHashProgress(files, work.talk);
  const alone = threads > 1 && isAlone(queue) ? queue.pop() : undefined;
  const hashers = Math.min(threads, queue.length);
  const start = hashers > 1 ? startFileHasher : () => startLoneHasher(false);
  await Promise.all(Array.from({ length: hashers }, () => drain(queue, start, work, progress)));
  if (alone !== undefined) await drain([alone], () => startLoneHasher(isSafetensorsName(alone.path)), work, progress);
  if (files.length > 0) work.talk.progress(undefined);
}

/** Whether the largest file, the last of the queue, is better read by itself. */
function isAlone(queue: readonly WaitingFile[]): boolean {
  const [largest, next] = [queue.at(-1), queue.at(-2)];
  if (largest === undefined || next === undefined) return largest !== undefined;
  return isSafetensorsName(largest.path) && largest.size >= farLarger * next.size;
}

async function drain<File extends WaitingFile>(
  queue: File[],
  start: () => Promise<Hasher>,
  { signal, onHashed, onFailed, now }: Work<File>,
  progress: HashProgress,
): Promise<void> {
  const hasher = await start();
  // Nobody waits with the next file until the last one is kept.
  const kept: Promise<void>[] = [];
  try {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const { path } = file;
      const onBytes = (count: number) => progress.add(file as File, count);
      progress.begin(file);
      const began = now();
      try {
        kept.push(onHashed(file, await hasher.hash(path, { signal, onBytes }), began));
      } catch (error) {
        onFailed(file, error as Error);
      }
      progress.end(file);
    }
  } finally {
    hasher.close();
    await Promise.all(kept);
  }
}
