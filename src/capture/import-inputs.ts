import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNewFile } from '../files/atomic.js';
import { readIfThere } from '../files/read.js';

export interface ArrivedInput {
  /** By the key of the lock. */
  readonly key: string;
  readonly state: 'written' | 'would write' | 'same' | 'no folder';
  /** Below the input folder; another name than the key's where a file with other content has that. */
  readonly name?: string;
}

/** Puts inputs into ComfyUI's input folder; a file that is there stays, and ours gets a folder of its own, where reproducing finds it by content. */
export async function placeInputs(
  inputs: ReadonlyMap<string, Uint8Array>,
  folder: string | undefined,
  dryRun: boolean,
): Promise<ArrivedInput[]> {
  const arrived: ArrivedInput[] = [];
  for (const [key, bytes] of inputs) {
    arrived.push(folder === undefined ? { key, state: 'no folder' } : await placeInput(key, bytes, folder, dryRun));
  }
  return arrived;
}

async function placeInput(key: string, bytes: Uint8Array, folder: string, dryRun: boolean): Promise<ArrivedInput> {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const own = `git-comfy/${digest.slice(0, 12)}/${key.split('/').at(-1) ?? key}`;
  // What lay in the output folder is found by its content; nothing is put there.
  const names = / \[\w+\]$/.test(key) ? [own.replace(/ \[\w+\]$/, '')] : [key, own];
  for (const name of names) {
    const path = join(folder, name);
    const there = await contentAt(path, bytes.length);
    if (there === undefined) {
      if (!dryRun) await writeNewFile(path, bytes);
      return { key, state: dryRun ? 'would write' : 'written', name };
    }
    if (Buffer.compare(there, bytes) === 0) return { key, state: 'same', name };
  }
  return { key, state: 'no folder' };
}

/** Empty for something that cannot be the same: a folder, a file of another size. */
async function contentAt(path: string, size: number): Promise<Buffer | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (!stats.isFile() || stats.size !== size) return Buffer.alloc(0);
  return readIfThere(path);
}
