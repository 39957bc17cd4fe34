import { join } from 'node:path';
import { InputError } from '../errors.js';
import { readIfThere } from '../files/read.js';
import { lockPath, readLock } from '../lock/lockfile.js';
import type { WidgetNames } from '../workflow/node-values.js';

/**
 * Names of widgets by class, as the lock of the work tree has them; `undefined` without a lock. A damaged lock only costs names here:
 * the commands that are about it say so.
 */
export async function lockedWidgetNames(top: string): Promise<WidgetNames | undefined> {
  const text = await readIfThere(join(top, lockPath));
  if (text === undefined) return undefined;
  try {
    const { classes } = readLock(text.toString('utf8'));
    return new Map([...classes].map(([name, { widgets }]) => [name, widgets]));
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
