import { ComfyError } from '../errors.js';
import { readBlob } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import type { Lock } from '../lock/entries.js';
import type { Finding } from '../lock/lint/finding.js';
import { emptyLock, lockPath, readLock } from '../lock/lockfile.js';
import { needsOf } from '../lock/needs.js';
import { settleGuesses } from '../lock/settle-guesses.js';
import type { ReadFile } from './check-files.js';

/** The lock of the index; the empty one where there is none, and no lock where it cannot be read. */
export interface IndexLock {
  readonly lock?: Lock;
  readonly text?: string;
  readonly findings: readonly Finding[];
}

export async function indexLock(repository: Repository): Promise<IndexLock> {
  const text = (await readBlob(repository, `:${lockPath}`))?.toString('utf8');
  if (text === undefined) return { lock: emptyLock, findings: [] };
  try {
    return { lock: readLock(text), text, findings: [] };
  } catch (error) {
    if (!(error instanceof ComfyError)) throw error;
    const hint = error.hint ?? 'see git comfy check -h';
    return { text, findings: [{ path: lockPath, code: 'lock-unreadable', text: error.message, hint }] };
  }
}

/** What a workflow says that it needs, and the lock does not have. */
export function coverFindings({ path, source }: ReadFile, lock: Lock): Finding[] {
  if (source === undefined) return [];
  const needs = settleGuesses(needsOf(new Map([[path, source]])), lock);
  const locked = lock.workflows.get(path);
  if (locked === undefined) return [notLocked(path, `${path} is not in ${lockPath}`)];
  const missing = [
    ...[...needs.models.keys()].filter((key) => !locked.models.includes(key) || !lock.models.has(key)),
    ...[...needs.inputs].filter((key) => !locked.inputs.includes(key) || !lock.inputs.has(key)),
    ...[...needs.classes].filter((name) => !locked.classes.includes(name)).map((name) => `node ${name}`),
  ];
  return missing.map((key) => notLocked(path, `${path} uses ${key}, which is not in ${lockPath}`));
}

const mend = `git comfy lock && git add ${lockPath}   (git comfy commit does it by itself)`;

const notLocked = (path: string, text: string): Finding => ({ path, code: 'not-locked', text, hint: mend });
