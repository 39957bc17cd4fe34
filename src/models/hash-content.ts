import { createHash, type Hash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Interrupted } from '../errors.js';
import type { Digest } from '../lock/entries.js';
import type { FileHash, Reading } from './file-hash.js';
import { readAhead } from './read-ahead.js';
import type { TensorLane } from './tensor-lane.js';

/** What is known of a file before it is read. */
export interface Extent {
  /** So much is read at most: a file that grows meanwhile has no end. Bytes. */
  readonly size: number;
  /** Where the tensors begin, if the file has any. */
  readonly tensorStart: number | undefined;
}

/** Reads an open file from its beginning; `size` of the answer is what there was to read. */
export type HashContent = (file: FileHandle, extent: Extent, reading: Reading) => Promise<FileHash>;

/** A chunk that stays in the processor's cache between being read and being hashed. Bytes. */
const blockingChunk = 128 * 1024;

/** Large enough that the way to a reading thread and back costs nothing. Bytes. */
export const aheadChunk = 2 * 1024 * 1024;

/**
 * Reads and hashes in turn, without giving the thread back: for worker threads, where one file's reading is another's hashing.
 * @throws Interrupted
 */
export const hashBlocking: HashContent = async (file, { size: end, tensorStart }, { signal, onBytes }) => {
  const whole = createHash('sha256');
  const tensors = tensorStart === undefined ? undefined : createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(blockingChunk);
  let size = 0;
  for (;;) {
    if (signal.aborted) throw new Interrupted();
    const count = size >= end ? 0 : readSync(file.fd, buffer, 0, blockingChunk, size);
    if (count === 0) return fileHash(size, whole, tensors);
    whole.update(buffer.subarray(0, count));
    const skipped = Math.max(0, (tensorStart ?? 0) - size);
    if (skipped < count) tensors?.update(buffer.subarray(skipped, count));
    size += count;
    onBytes?.(count);
  }
};

/**
 * For a file that is alone: the next chunks are on their way while the last one is hashed, and where there is a lane, the tensors are
 * hashed on it at the same time, from the same memory.
 * @throws Interrupted
 */
export const hashAhead =
  (lane?: TensorLane): HashContent =>
  async (file, { size: end, tensorStart }, { signal, onBytes }) => {
    const whole = createHash('sha256');
    const own = tensorStart === undefined || lane !== undefined ? undefined : createHash('sha256');
    const buffers = lane?.buffers ?? Array.from({ length: 4 }, () => Buffer.allocUnsafeSlow(aheadChunk));
    let size = 0;
    if (signal.aborted) throw new Interrupted();
    for await (const { slot, bytes } of readAhead(file, end, buffers, lane?.free)) {
      if (signal.aborted) throw new Interrupted();
      const skipped = Math.max(0, (tensorStart ?? 0) - size);
      if (tensorStart !== undefined && skipped < bytes.length) {
        lane?.update(slot, skipped, bytes.length);
        own?.update(bytes.subarray(skipped));
      }
      whole.update(bytes);
      size += bytes.length;
      onBytes?.(bytes.length);
    }
    return fileHash(size, whole, tensorStart === undefined ? undefined : (own ?? (await lane?.end())));
  };

function fileHash(size: number, whole: Hash, tensors: Hash | Digest | undefined): FileHash {
  const second = typeof tensors === 'object' ? digestOf(tensors) : tensors;
  return { digest: digestOf(whole), ...(second === undefined ? {} : { tensors: second }), size };
}

export const digestOf = (hash: Hash): Digest => `sha256:${hash.digest('hex')}`;
