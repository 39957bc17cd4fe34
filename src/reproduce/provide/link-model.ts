import { constants, copyFile, link, realpath, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../../errors.js';
import { giveName, inNewFolders, noLinks, taken } from '../../models/give-name.js';
import { hashFile } from '../../models/hash-file.js';
import { claimPart, releasePart } from '../../models/part-file.js';
import type { LinkStep } from './steps.js';

export type Linked = 'hard link' | 'symbolic link' | 'copy';

export interface Linking {
  /** Copy where this system makes no link. */
  readonly copy: boolean;
  readonly signal: AbortSignal;
}

/**
 * Gives a model another name, without taking more room: a hard link, else a symbolic one, else a copy where that is wanted.
 * @throws InputError `name-taken`, `no-links`, `file-changed`; Interrupted
 */
export async function linkModel(step: LinkStep, linking: Linking): Promise<Linked> {
  const from = await realpath(step.from);
  return inNewFolders(step.to, async () => {
    if (await made(step.to, () => link(from, step.to))) return 'hard link';
    if (await made(step.to, () => symlink(from, step.to, 'file'))) return 'symbolic link';
    if (!linking.copy) throw noLink(step);
    await copy(from, step, linking.signal);
    return 'copy';
  });
}

/** `false` where the system does not do it. */
async function made(to: string, make: () => Promise<void>): Promise<boolean> {
  try {
    await make();
    return true;
  } catch (error) {
    if (noLinks.includes((error as NodeJS.ErrnoException).code)) return false;
    throw taken(error, to);
  }
}

/** It gets its name when all of it is there, and is what it should be. */
async function copy(from: string, { to, digest }: LinkStep, signal: AbortSignal): Promise<void> {
  const part = await claimPart(dirname(to), digest);
  try {
    await copyFile(from, part, constants.COPYFILE_FICLONE);
    if ((await hashFile(part, { signal })).digest !== digest) throw changed(from);
    await giveName(part, to);
  } catch (error) {
    await (error instanceof InputError && error.code === 'file-changed' ? rm(part) : releasePart(part, digest));
    throw error;
  }
}

const noLink = ({ to }: LinkStep) =>
  new InputError('no-links', `this system makes no link at ${to}`, {
    hint: 'a copy takes its room: git comfy provide --copy',
  });

const changed = (path: string) =>
  new InputError('file-changed', `${path} changed while it was copied`, { hint: 'try again' });
