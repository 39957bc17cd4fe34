import { lstat, mkdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../errors.js';
import { takeName } from '../files/take-name.js';

/**
 * As `takeName`, making the folders above it.
 * @throws InputError `name-taken`
 */
export const giveName = (from: string, to: string): Promise<void> =>
  inNewFolders(to, () =>
    takeName(from, to).catch((error: unknown) => {
      throw taken(error, to);
    }),
  );

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

/**
 * Before the work for a file begins, which may take hours: has nobody given its name to another one since it was planned?
 * @throws InputError `name-taken`
 */
export async function checkFree(path: string): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) !== undefined) throw nameTaken(path);
}

export const taken = (error: unknown, path: string): unknown =>
  (error as NodeJS.ErrnoException).code === 'EEXIST' ? nameTaken(path, error) : error;

const nameTaken = (path: string, cause?: unknown) =>
  new InputError('name-taken', `${path} is there already, and stays as it is`, {
    cause,
    hint: 'run this again: if it is not what is wanted, the model comes beside it',
  });
