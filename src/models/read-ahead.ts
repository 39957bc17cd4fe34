import type { FileHandle } from 'node:fs/promises';

/** A part of a file, in one of the buffers that were given. */
export interface Chunk {
  readonly slot: number;
  readonly bytes: Buffer;
}

/** Reads under way at once: the hashing thread has work even where a reading thread gets its turn late. */
const underWay = 3;

/**
 * Reads a file from its beginning, the next chunks on their way while the last one is used. A chunk stays as it is until its buffer's turn
 * comes again. Ends early where the file does.
 * @param size bytes to read
 * @param buffers more than are under way at once
 * @param free resolves when a buffer that was given out may be read into again
 */
export async function* readAhead(
  file: FileHandle,
  size: number,
  buffers: readonly Buffer[],
  free: (slot: number) => Promise<void> | undefined = () => undefined,
): AsyncGenerator<Chunk, void, undefined> {
  const coming: Promise<Chunk>[] = [];
  let position = 0;
  let turn = 0;
  const begin = () => {
    const slot = turn++ % buffers.length;
    const buffer = buffers[slot];
    if (position >= size || buffer === undefined) return;
    coming.push(fill(file, buffer, position, slot, free));
    position += buffer.length;
  };
  for (let at = 0; at < Math.min(underWay, buffers.length - 1); at++) begin();
  try {
    for (let next = coming.shift(); next !== undefined; next = coming.shift()) {
      const chunk = await next;
      begin();
      if (chunk.bytes.length === 0) return;
      yield chunk;
    }
  } finally {
    await Promise.allSettled(coming);
  }
}

/** A system may give less than it was asked for, and the rest when it is asked again. */
async function fill(
  file: FileHandle,
  buffer: Buffer,
  position: number,
  slot: number,
  free: (slot: number) => Promise<void> | undefined,
): Promise<Chunk> {
  await free(slot);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return { slot, bytes: buffer.subarray(0, filled) };
}
