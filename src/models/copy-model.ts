import { constants, copyFile, rm } from 'node:fs/promises';
import { InputError } from '../errors.js';
import type { Digest } from '../lock/entries.js';
import { giveName } from './give-name.js';
import { hashFile } from './hash-file.js';
import { claimPart, releasePart } from './part-file.js';

export interface Copying {
  readonly from: string;
  readonly to: string;
  /** Where what is not finished lies. */
  readonly folder: string;
  /** What the content has to be. */
  readonly digest: Digest;
}

/**
 * Copies a model; the copy gets its name when all of it is there, and is what it should be. Where the file system can, both share their blocks.
 * @throws InputError `file-changed`, `name-taken`; Interrupted
 */
export async function copyModel({ from, to, folder, digest }: Copying, signal: AbortSignal): Promise<void> {
  const part = await claimPart(folder, digest);
  try {
    await copyFile(from, part, constants.COPYFILE_FICLONE);
    if ((await hashFile(part, { signal })).digest !== digest) throw changed(from);
    await giveName(part, to);
  } catch (error) {
    const useless = error instanceof InputError && error.code === 'file-changed';
    await (useless ? rm(part, { force: true }) : releasePart(part, digest));
    throw error;
  }
}

const changed = (path: string) =>
  new InputError('file-changed', `${path} changed while it was copied`, { hint: 'try again' });
