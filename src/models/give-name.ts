import { link, mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../errors.js';

/** Codes of a file system that knows no such links, or not between these two places. */
export const noLinks: readonly (string | undefined)[] = [
  ...['EXDEV', 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'],
];

/**
 * Gives a finished file its name. A file that has the name stays what it is, also one that came a moment ago.
 * @throws InputError `name-taken`
 */
export async function giveName(from: string, to: string): Promise<void> {
  await inNewFolders(to, async () => {
    try {
      await link(from, to);
      await rm(from);
    } catch (error) {
      if (!noLinks.includes((error as NodeJS.ErrnoException).code)) throw taken(error, to);
      await renameInto(from, to);
    }
  });
}

/**
 * As `giveName`, for file systems without links: takes the name with an empty file of our own, which nobody minds to see replaced.
 * @throws InputError `name-taken`
 */
export async function renameInto(from: string, to: string): Promise<void> {
  const file = await open(to, 'wx').catch((error: unknown) => {
    throw taken(error, to);
  });
  await file.close();
  await rename(from, to).catch(async (error: unknown) => {
    await rm(to, { force: true });
    throw error;
  });
}

/** Makes the folders above a path; where `make` fails, those that were made for it go away again. */
export async function inNewFolders<T>(path: string, make: () => Promise<T>): Promise<T> {
  const first = await mkdir(dirname(path), { recursive: true });
  try {
    return await make();
  } catch (error) {
    if (first !== undefined) await removeUpTo(dirname(path), first);
    throw error;
  }
}

async function removeUpTo(folder: string, first: string): Promise<void> {
  for (let at = folder; at.startsWith(first); at = dirname(at)) {
    const removed = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!removed) return; // somebody has put something there
  }
}

export function taken(error: unknown, path: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return error;
  return new InputError('name-taken', `${path} is there already, and stays as it is`, {
    cause: error,
    hint: 'move it away, then run this again',
  });
}
