import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { isObject, type Json, parseJson, writeJson } from '../../workflow/json.js';
import { digestOf } from './disk.js';

/** Longer headers are not read here; in bytes. */
const longestHeader = 1024 * 1024;

/** The header of a safetensors file, and where its tensors begin; `undefined` for any other file. */
export async function safetensorsHeader(
  path: string,
): Promise<{ readonly header: Json; readonly tensors: number } | undefined> {
  const file = await open(path);
  try {
    const length = Buffer.alloc(8);
    await file.read(length, 0, 8, 0);
    const bytes = Number(length.readBigUInt64LE());
    if (bytes > longestHeader) return undefined;
    const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, 8);
    return { header: parseJson(buffer.toString('utf8')), tensors: 8 + bytes };
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** What is painted from: of a safetensors file names, shapes and content of its tensors, as a real loader sees them; of any other all of it. */
export async function digestOfWeights(path: string): Promise<string> {
  const found = await safetensorsHeader(path);
  if (found === undefined || !isObject(found.header) || !found.header.has('__metadata__')) return digestOf(path);
  const named = new Map([...found.header].filter(([name]) => name !== '__metadata__'));
  const hash = createHash('sha256').update(writeJson(named));
  for await (const bytes of createReadStream(path, { start: found.tensors })) hash.update(bytes);
  return hash.digest('hex');
}
