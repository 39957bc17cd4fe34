import type { FileHandle } from 'node:fs/promises';

/** The format allows no larger header; a file that claims one is hashed like any other file. */
const maxHeader = 100_000_000;

export const isSafetensorsName = (path: string) => /\.(?:safetensors|sft)$/i.test(path);

/**
 * Where the tensors of a safetensors file begin: 8 bytes with the length of the JSON header (little-endian), then the header
 * (https://github.com/huggingface/safetensors, "Format"). The header itself is not read. `undefined` for anything else.
 */
export async function tensorOffset(file: FileHandle, path: string, size: number): Promise<number | undefined> {
  if (!isSafetensorsName(path)) return undefined;
  const { bytesRead, buffer } = await file.read(Buffer.alloc(9), 0, 9, 0);
  if (bytesRead < 9 || buffer[8] !== 0x7b) return undefined;
  const header = buffer.readBigUInt64LE(0);
  if (header > BigInt(maxHeader) || 8 + Number(header) > size) return undefined;
  return 8 + Number(header);
}
