import type { Talk } from '../context.js';
import { UsageError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import type { Difference } from '../lock/drift.js';
import type { Lock } from '../lock/entries.js';
import { type LockChange, lockChanges } from '../lock/lock-changes.js';
import { lockPath, writeLock } from '../lock/lockfile.js';
import { uniteNeeds } from '../lock/needs.js';
import { means } from '../lock/plan.js';
import { indexedWorkflows, workTreeFiles, workTreeLock } from './lock-files.js';
import { findNeeds, planFrom, readSources } from './plan-lock.js';
import type { Surroundings } from './surroundings.js';
import { pointTextconv } from './textconv-driver.js';
import { writeLockFile } from './write-lock-file.js';

export interface Locking {
  readonly around: Surroundings;
  /** Entries that may move: all, or those that the names mean. */
  readonly update?: 'all' | readonly string[];
  readonly signal: AbortSignal;
  readonly talk: Talk;
}

export interface LockAnswer {
  /** The file was written; otherwise it was right already. */
  readonly written: boolean;
  readonly changes: readonly LockChange[];
  /** What is not as the lock says, or could not be found. */
  readonly drift: readonly Difference[];
  readonly lock: Lock;
}

/**
 * Brings `comfy.lock` of the work tree up to what the tracked workflows need, as staged and as they stand in the work tree: hashes
 * everything, adds, completes, drops. Does not stage it.
 * @throws InputError `lock-newer`, `lock-damaged`; UsageError for a name to update that means nothing; Interrupted
 */
export async function lockRepository(repository: Repository, locking: Locking): Promise<LockAnswer> {
  const { around, update, signal, talk } = locking;
  const old = await workTreeLock(repository);
  const staged = await indexedWorkflows(repository);
  const present = await workTreeFiles(
    repository,
    staged.map(({ path }) => path),
  );
  const fromIndex = await findNeeds(readSources(staged, talk), around, signal);
  const fromTree = await findNeeds(readSources(present, quiet(talk)), around, signal);
  const needs = uniteNeeds(fromIndex.needs, fromTree.needs);
  const known = { ...fromIndex.known, ...fromTree.known, ...uniteInfo(fromIndex.known, fromTree.known) };
  const options = { around, signal, talk, ...(update === undefined ? {} : { update }) };
  const { lock, drift } = await planFrom(old.lock, needs, known, options);
  if (Array.isArray(update)) checkNames(update, lock);
  const text = writeLock(lock);
  // A repository without workflows has nothing to lock, and gets no file for it.
  if (old.text === undefined && needs.workflows.size === 0) return { written: false, changes: [], drift, lock };
  if (text !== old.text) await writeLockFile(repository, text);
  await pointTextconv(repository);
  return { written: text !== old.text, changes: lockChanges(old.lock, lock), drift, lock };
}

type Known = Awaited<ReturnType<typeof findNeeds>>['known'];

const uniteInfo = (a: Known, b: Known): Known =>
  a.info === undefined && b.info === undefined ? {} : { info: new Map([...(a.info ?? []), ...(b.info ?? [])]) };

/** A damaged file was told of once already. */
const quiet = (talk: Talk): Talk => ({ ...talk, say: () => {} });

function checkNames(names: readonly string[], lock: Lock): void {
  const keys = [
    'comfyui',
    ...[lock.models, lock.packs, lock.inputs, lock.classes].flatMap((section) => [...section.keys()]),
  ];
  const unknown = names.find((name) => !keys.some((key) => means(name, key)));
  if (unknown === undefined) return;
  throw new UsageError(`the lock has no entry "${unknown}"`, {
    hint: `its keys are in ${lockPath}, such as ${keys[1] ?? keys[0]}`,
  });
}
