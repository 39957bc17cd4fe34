import { link, realpath, symlink } from 'node:fs/promises';
import { InputError } from '../../errors.js';
import { noLinks } from '../../files/take-name.js';
import { copyModel } from '../../models/copy-model.js';
import { inNewFolders, taken } from '../../models/give-name.js';
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
    await copyModel({ ...step, from }, linking.signal);
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

const noLink = ({ to }: LinkStep) =>
  new InputError('no-links', `this system makes no link at ${to}`, {
    hint: 'a copy takes its room: git comfy provide --copy',
  });
