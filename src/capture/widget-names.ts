import { join } from 'node:path';
import { InputError } from '../errors.js';
import { readIfThere } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { lockPath, readLock } from '../lock/lockfile.js';
import type { WidgetNames } from '../workflow/node-values.js';
import { readObjectInfo } from '../workflow/read-interfaces.js';
import { widgetNames } from '../workflow/widgets.js';
import { rememberedInterfaces } from './remembered-interfaces.js';

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

/** The lock's names, and what servers have said of other classes; nobody is asked now. Takes longer: a server tells of hundreds of classes. */
export async function allWidgetNames(repository: Repository, locked: WidgetNames | undefined): Promise<WidgetNames> {
  const { info } = await rememberedInterfaces(repository);
  const remembered = [...readObjectInfo(info)].map(([type, i]) => [type, widgetNames(i)] as const);
  return new Map([...remembered, ...(locked ?? [])]);
}
