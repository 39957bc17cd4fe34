import { type FileHandle, open } from 'node:fs/promises';
// Not imported on its own where it is needed: the bundle would see but a default export. Whoever needs this file imports it late.
import { createXXHash128 } from 'hash-wasm';

/** Bytes read at each end. */
const sampleSize = 1024 * 1024;

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
