import type { Lock } from '../lock/entries.js';
import { lockPath, writeLock } from '../lock/lockfile.js';
import { unsoundAddresses } from '../lock/secrets.js';
import type { Problem } from './problem.js';

const rewrite = `git comfy lock && git add ${lockPath}`;

/** What is wrong with a lock by itself: what is not hashed yet, what nobody may read, and text that is not canonical. */
export function soundProblems(lock: Lock, text: string | undefined): Problem[] {
  const problems = [...unhashed(lock), ...unsound(lock)];
  if (text === undefined || text === writeLock(lock)) return problems;
  const said = `${lockPath} is not written as git comfy writes it`;
  return [...problems, { path: lockPath, code: 'lock-not-canonical', text: said, hint: rewrite }];
}

function unhashed(lock: Lock): Problem[] {
  const files = [...lock.models, ...lock.inputs].filter(([, { digest }]) => digest === 'unhashed');
  return files.map(([key]) => ({
    path: lockPath,
    key,
    code: 'unhashed',
    text: `${key} is not hashed yet`,
    hint: `on a machine that has it: ${rewrite}`,
  }));
}

const unsound = (lock: Lock): Problem[] =>
  unsoundAddresses(lock).map(({ key, why }) => ({
    path: lockPath,
    key,
    code: 'unsound-address',
    text: `an address of ${key} in ${lockPath} ${why}`,
    hint: `take it out of ${lockPath}, then git add it; a secret that was pushed has to be revoked`,
  }));

/** Workflows that the lock still has, and the repository has no more. */
export const staleProblems = (lock: Lock, tracked: readonly string[]): Problem[] =>
  [...lock.workflows.keys()]
    .filter((path) => !tracked.includes(path))
    .map((path) => ({
      path: lockPath,
      key: path,
      code: 'stale',
      text: `${lockPath} has ${path}, which is no workflow of this repository any more`,
      hint: rewrite,
    }));
