import { type FileHandle, open } from 'node:fs/promises';

/** Bytes read at each end. */
const sampleSize = 1024 * 1024;

/** Smaller files are hashed as fast as they are sampled. Bytes. */
export const smallestSampled = 4 * sampleSize;

/**
 * XXH3 (128 bits, hex) of a file's size, head and tail: tells in milliseconds that a huge file is another one. Two files with the
 * same sample may still differ, so it never stands for a digest.
 */
export async function quickSample(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    return await sampleOf(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/** As `quickSample`, of a file that is open. */
export async function sampleOf(file: FileHandle, size: number): Promise<string> {
  const { createXXHash128 } = await import('hash-wasm');
  const hasher = await createXXHash128();
  hasher.init();
  hasher.update(`${size}\n`);
  const buffer = Buffer.alloc(Math.min(sampleSize, size));
  for (const start of [0, Math.max(0, size - buffer.length)]) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    hasher.update(buffer.subarray(0, bytesRead));
  }
  return hasher.digest('hex');
}
