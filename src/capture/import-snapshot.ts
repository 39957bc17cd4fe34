import type { Talk } from '../context.js';
import { publicRemote } from '../git/remote-url.js';
import type { Repository } from '../git/repository.js';
import { type LockChange, lockChanges } from '../lock/lock-changes.js';
import { writeLock } from '../lock/lockfile.js';
import type { ManagerSnapshot } from '../lock/manager-snapshot.js';
import { needsOf } from '../lock/needs.js';
import { type LeftOut, packsOfSnapshot } from '../lock/snapshot-packs.js';
import { takePacks } from '../lock/take-packs.js';
import { indexedWorkflows, workTreeLock } from './lock-files.js';
import { readSources } from './plan-lock.js';
import { writeLockFile } from './write-lock-file.js';

export interface ImportedSnapshot {
  /** Entries of the lock that are other than before. */
  readonly changes: readonly LockChange[];
  readonly leftOut: readonly LeftOut[];
  /** Python packages that the snapshot lists, and that the lock has no place for. */
  readonly packages: number;
  readonly written: boolean;
}

/**
 * Takes the packs of a snapshot, and ComfyUI's commit, into `comfy.lock` of the work tree. Does not stage it.
 * @throws InputError `lock-newer`, `lock-damaged`
 */
export async function importSnapshot(
  repository: Repository,
  snapshot: ManagerSnapshot,
  { talk, dryRun }: { readonly talk: Talk; readonly dryRun: boolean },
): Promise<ImportedSnapshot> {
  const old = await workTreeLock(repository);
  const needs = needsOf(readSources(await indexedWorkflows(repository), talk));
  const { leftOut, ...found } = packsOfSnapshot(snapshot, publicRemote);
  const { lock, unused } = takePacks(old.lock, found, needs);
  const changes = lockChanges(old.lock, lock);
  const written = changes.length > 0 && !dryRun;
  if (written) await writeLockFile(repository, writeLock(lock));
  const idle = unused.map((pack) => ({ pack, why: 'no tracked workflow uses it' }));
  return { changes, leftOut: [...leftOut, ...idle], packages: snapshot.packages, written };
}
