import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors.js';
import { readIfThere } from '../files/read.js';
import { readBlob } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { isUnmerged, type StagedEntry, stageContent, stagedEntry, stageEntry } from '../git/stage.js';
import type { Difference } from '../lock/drift.js';
import type { Lock } from '../lock/entries.js';
import { type LockChange, lockChanges } from '../lock/lock-changes.js';
import { emptyLock, lockPath, readLock, writeLock } from '../lock/lockfile.js';
import { planLock } from '../lock/plan.js';
import type { CommitScope } from './commit-arguments.js';
import { findNeeds, type Planning, planFrom, readSources, type TrackedBytes } from './plan-lock.js';
import { writeLockFile } from './write-lock-file.js';

/** The lock that a commit needs, made from the workflows that it would commit. */
export interface CommitLock {
  readonly lock: Lock;
  /** The text to commit; `undefined` where the lock is right as it is. */
  readonly text: string | undefined;
  /** The text of the work tree afterwards: what the person had there and what the commit adds. */
  readonly workTree: string;
  readonly changes: readonly LockChange[];
  readonly drift: readonly Difference[];
}

/**
 * Plans the lock of a commit. It starts from the lock that the commit would hold anyway: of the index, of HEAD for a commit of some
 * files only, of the work tree for `-a`. So lines that somebody has not staged are not swept in.
 * @param files the workflows that would be committed
 * @throws InputError `lock-newer`, `lock-damaged`, `lock-unmerged`
 */
export async function planCommitLock(
  repository: Repository,
  scope: CommitScope,
  files: readonly TrackedBytes[],
  planning: Planning,
): Promise<CommitLock> {
  const present = (await readIfThere(join(repository.top, lockPath)))?.toString('utf8');
  const base = scope.kind === 'all' ? present : await stagedText(repository, scope.kind);
  const old = base === undefined ? emptyLock : readLock(base);
  const { needs, known } = await findNeeds(readSources(files, planning.talk), planning.around, planning.signal);
  const { lock, observed, drift } = await planFrom(old, needs, known, planning);
  const text = writeLock(lock);
  const unneeded = base === undefined && needs.workflows.size === 0;
  const untouched = present === base || present === undefined;
  const workTree = untouched ? text : writeLock(planLock(readLock(present), needs, observed));
  return { lock, text: unneeded || text === base ? undefined : text, workTree, changes: lockChanges(old, lock), drift };
}

/** A lock made anew in its place would hold what is installed here: drift, taken in without a word. */
const undecided = () =>
  new InputError('lock-unmerged', `${lockPath} is in conflict, and nobody has decided yet`, {
    hint: `see both sides: git comfy conflicts ${lockPath}`,
  });

async function stagedText(repository: Repository, scope: CommitScope['kind']): Promise<string | undefined> {
  if (await isUnmerged(repository, lockPath)) throw undecided();
  return (await readBlob(repository, `${scope === 'only' ? 'HEAD' : ''}:${lockPath}`))?.toString('utf8');
}

/** What stood in index and work tree before, to go back to. */
export interface LockPlaces {
  readonly entry: StagedEntry | undefined;
  readonly present: Buffer | undefined;
  /** What was put there since. */
  readonly placed: string;
}

/** Puts the text where `git commit` takes it from, whatever the scope: into the index and the work tree; into both, or into none. */
export async function placeLock(repository: Repository, text: string): Promise<LockPlaces> {
  const entry = await stagedEntry(repository, lockPath);
  const present = await readIfThere(join(repository.top, lockPath));
  await writeLockFile(repository, text);
  try {
    await stageContent(repository, lockPath, text);
  } catch (error) {
    await putLockBack(repository, { entry, present, placed: text });
    throw error;
  }
  return { entry, present, placed: text };
}

/**
 * After a commit: the work tree gets back what the person had not staged; a lock that was staged beside a commit of some files only is staged
 * again.
 */
export async function settleLock(
  repository: Repository,
  scope: CommitScope,
  before: LockPlaces,
  planned: CommitLock,
  headEntry: StagedEntry | undefined,
): Promise<void> {
  if (planned.workTree !== planned.text) await writeLockFile(repository, planned.workTree);
  const stagedBeside = scope.kind === 'only' && before.entry !== undefined && before.entry.blob !== headEntry?.blob;
  if (stagedBeside) await stageEntry(repository, lockPath, before.entry);
}

/** Nothing was committed: everything as it was. A work tree that had no lock keeps the new one, as nothing is lost by it. */
export async function putLockBack(repository: Repository, before: LockPlaces): Promise<void> {
  await stageEntry(repository, lockPath, before.entry);
  if (before.present !== undefined) return writeLockFile(repository, before.present);
  const path = join(repository.top, lockPath);
  // Where there was none, what stands there goes only while it is ours.
  if ((await readIfThere(path))?.toString('utf8') === before.placed) await rm(path);
}
