import { lstat, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../lock/entries.js';
import { partSize } from './part-file.js';
import { isAtWork, isPart, stemOf } from './part-name.js';

export interface LeftParts {
  /** Where downloads may lie. */
  readonly folders: Iterable<string>;
  /** Contents of models that are there. */
  readonly there: readonly Digest[];
}

/**
 * Takes away what killed programs have left and nobody needs: downloads of models that are there by now, and second names of models, which stay where
 * a download had got its name and not lost its other one. To be called before this process takes a download of its own.
 */
export async function removeNeedlessParts({ folders, there }: LeftParts): Promise<void> {
  const stems = new Set(there.map(stemOf));
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [] as string[])) {
      if (!isPart(name) || isAtWork(name)) continue;
      const path = join(folder, name);
      if (stems.has(name.replace(/\..*/, '')) || (await isNamed(path))) await rm(path, { force: true });
    }
  }
}

const isNamed = async (path: string) => ((await stat(path).catch(() => undefined))?.nlink ?? 1) > 1;

export interface AwaitedPart {
  readonly folder: string;
  readonly digest: Digest;
  /** Bytes, where it is known. */
  readonly size?: number | undefined;
}

/**
 * Whether a file is the empty one with which a name was taken on a file system without links (`renameInto`), by a program that was killed before
 * its download got the name: all of that is there.
 */
export async function isPlaceholder(path: string, { folder, digest, size }: AwaitedPart): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  if (info?.isFile() !== true || info.size > 0 || size === undefined || size === 0) return false;
  return (await partSize(folder, digest)) === size;
}
