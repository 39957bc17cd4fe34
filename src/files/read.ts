import { readFile, stat } from 'node:fs/promises';
import { InputError } from '../errors.js';

/** The file's bytes, or `undefined` where there is no such file (or a folder on the way is missing). */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * The bytes of a file that came from outside, at most `maxBytes` of them.
 * @throws InputError `no-such-file`, `not-a-file`, `file-too-large`, `file-forbidden`
 */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  const info = await stat(path).catch((error: unknown) => refuse(path, error));
  if (!info.isFile()) throw new InputError('not-a-file', `${path} is not a file`, { hint: 'name a file in it' });
  if (info.size > maxBytes) {
    throw new InputError('file-too-large', `${path} has ${info.size} bytes; at most ${maxBytes} are read here`);
  }
  return readFile(path).catch((error: unknown) => refuse(path, error));
}

function refuse(path: string, error: unknown): never {
  if (isMissing(error)) {
    throw new InputError('no-such-file', `there is no file ${path}`, {
      hint: 'look at the spelling; a path is relative to the folder that you are in',
    });
  }
  if (['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) {
    throw new InputError('file-forbidden', `${path} may not be read`, {
      hint: 'look at who owns the file and what you may do with it',
    });
  }
  throw error;
}

/** The bytes of a small file of somebody else's; `undefined` where there is none, it is larger, or it is no file (a pipe would never end). */
export const readIfFile = (path: string, maxBytes: number): Promise<Buffer | undefined> =>
  readBounded(path, maxBytes).catch(() => undefined);

export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  // A link that leads to itself, or a name that is too long for any file, leads to none either.
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(code ?? '');
}

/** Whether there is a plain file (a link to one counts). */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
