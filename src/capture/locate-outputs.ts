import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type FoundFile, newestFiles } from '../files/newest-files.js';
import type { OutputEntry } from '../lineage/record.js';

/** Where an output lies now; `undefined` where it is in none of the folders. */
export type Locate = (output: Pick<OutputEntry, 'name' | 'sha256' | 'bytes'>) => Promise<string | undefined>;

const everything = { entries: 200_000, depth: 16 };

/**
 * Looks for outputs by their content: where they were written, else under any name below the folders. Links that lead out of a folder are not followed.
 * @param folders absolute, in the order in which they are looked through
 */
export function outputLocator(folders: readonly string[]): Locate {
  let files: Promise<ReadonlyMap<number, readonly string[]>> | undefined;
  return async ({ name, sha256, bytes }) => {
    const named = folders.map((folder) => ({ folder, path: join(folder, name) }));
    for (const { folder, path } of named) {
      if ((await isInside(folder, path)) && (await isIt(path, bytes, sha256))) return path;
    }
    files ??= filesBySize(folders);
    for (const path of (await files).get(bytes) ?? []) if (await isIt(path, bytes, sha256)) return path;
    return undefined;
  };
}

async function filesBySize(folders: readonly string[]): Promise<Map<number, string[]>> {
  const bySize = new Map<number, string[]>();
  for (const folder of folders) {
    const found: FoundFile[] = await newestFiles(folder, () => true, Number.POSITIVE_INFINITY, everything);
    for (const { path, size } of found) bySize.set(size, [...(bySize.get(size) ?? []), join(folder, path)]);
  }
  return bySize;
}

async function isInside(folder: string, path: string): Promise<boolean> {
  const [top, real] = await Promise.all([folder, path].map((at) => realpath(at).catch(() => undefined)));
  return top !== undefined && real?.startsWith(top + sep) === true;
}

async function isIt(path: string, size: number, sha256: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile() !== true || info.size !== size) return false;
  const hash = createHash('sha256');
  try {
    for await (const part of createReadStream(path)) hash.update(part as Buffer);
  } catch {
    // Gone or unreadable meanwhile: then it is not to be opened either.
    return false;
  }
  return hash.digest('hex') === sha256;
}
