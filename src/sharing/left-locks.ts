import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keptRef } from '../git/kept-store.js';
import { notesRef } from '../git/notes.js';
import type { Repository } from '../git/repository.js';
import { storeRef } from '../git/store.js';
import type { Fault } from './fault.js';

/** git holds the lock of a ref for a moment; milliseconds. */
const surelyLeft = 10 * 60 * 1000;

/** Locks of our refs that a git has left that was killed: nothing can be recorded until they are gone. Paths are absolute. */
export async function leftLocks(repository: Repository, now: Date): Promise<string[]> {
  const left: string[] = [];
  for (const ref of [notesRef, storeRef, keptRef]) {
    const path = join(repository.commonDir, `${ref}.lock`);
    const since = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (since !== undefined && now.getTime() - since > surelyLeft) left.push(path);
  }
  return left;
}

export async function removeLocks(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
}

export const lockLeft = (path: string): Fault => ({
  code: 'lock-left',
  subject: path,
  text: `${path} was left by a git that was killed: nothing can be recorded while it is there`,
  hint: 'git comfy fsck --repair',
});
