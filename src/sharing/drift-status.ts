import { indexedWorkflows, workTreeLock } from '../capture/lock-files.js';
import { observe } from '../capture/observe.js';
import { readSources } from '../capture/plan-lock.js';
import { InputError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { type Difference, driftBetween } from '../lock/drift.js';
import { isUnchecked } from '../lock/drift-rules.js';
import type { Lock } from '../lock/entries.js';
import { modelWords } from '../lock/model-words.js';
import { needsOf, needsOfEntries } from '../lock/needs.js';
import { settleGuesses } from '../lock/settle-guesses.js';
import type { Looking } from './looking.js';

/** What differs from the lock as far as can be told without reading a model, and what the lock lacks. */
export interface DriftStatus {
  readonly differences: readonly Difference[];
  /** Models and inputs that staged workflows use and the lock does not have, in words. */
  readonly uncovered: readonly string[];
  /** Why the lock was not compared. */
  readonly notLookedAt?: string;
}

/** Compares the lock of the work tree with the files here; a model counts as it was last hashed, or by its size. */
export async function driftStatus(repository: Repository, { around, signal, talk }: Looking): Promise<DriftStatus> {
  const read = await readLockIfSound(repository);
  if ('problem' in read) return { differences: [], uncovered: [], notLookedAt: read.problem };
  const { lock } = read;
  const uncovered = uncoveredBy(lock, await stagedNeeds(repository, lock, talk));
  if (around.installation === undefined) {
    return {
      differences: [],
      uncovered,
      notLookedAt: 'no ComfyUI here: start it, or git config comfy.directory <folder>',
    };
  }
  const observed = await observe(needsOfEntries(lock), { ...around, lock, budgetMs: 0, signal, talk });
  const differences = driftBetween(lock, observed).filter(({ code }) => !isUnchecked(code));
  return { differences, uncovered };
}

async function readLockIfSound(
  repository: Repository,
): Promise<{ readonly lock: Lock } | { readonly problem: string }> {
  try {
    return await workTreeLock(repository);
  } catch (error) {
    if (error instanceof InputError) return { problem: error.message };
    throw error;
  }
}

async function stagedNeeds(repository: Repository, lock: Lock, talk: Looking['talk']) {
  return settleGuesses(needsOf(readSources(await indexedWorkflows(repository), talk)), lock);
}

function uncoveredBy(lock: Lock, needs: ReturnType<typeof needsOf>): string[] {
  const models = [...needs.models.keys()].filter((key) => !lock.models.has(key)).map(modelWords);
  const inputs = [...needs.inputs].filter((key) => !lock.inputs.has(key)).map((key) => `input ${key}`);
  return [...models, ...inputs];
}
