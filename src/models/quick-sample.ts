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
  const length = Math.min(sampleSize, size);
  const parts = [await readPart(file, length, 0), await readPart(file, length, Math.max(0, size - length))];
  const hasher = await shared();
  // Nothing is waited for from here on: the next sample uses the same one.
  hasher.init();
  hasher.update(`${size}\n`);
  for (const part of parts) hasher.update(part);
  return hasher.digest('hex');
}

async function readPart(file: FileHandle, length: number, start: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}

let made: ReturnType<typeof createXXHash128> | undefined;

/** Making one takes longer than sampling a file. */
function shared(): ReturnType<typeof createXXHash128> {
  made ??= createXXHash128();
  return made;
}
