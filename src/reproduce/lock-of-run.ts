import { readBlob } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import type { RunRecord } from '../lineage/record.js';
import type { Dependencies, Lock, PackEntry } from '../lock/entries.js';
import { readLock } from '../lock/lockfile.js';

/**
 * What the lock at a run's commit says of the run's own workflow; `undefined` where there was no lock, or it does not have that workflow.
 * @throws InputError `lock-newer`, `lock-damaged`
 */
export async function lockOfRun(
  repository: Repository,
  { lock, workflow }: RunRecord,
): Promise<Dependencies | undefined> {
  const bytes = lock === undefined ? undefined : await readBlob(repository, lock);
  return bytes === undefined || workflow === undefined
    ? undefined
    : narrowed(readLock(bytes.toString('utf8')), workflow.path);
}

/** The entries that one workflow needs: what another one lacks says nothing about this one. */
function narrowed(lock: Lock, path: string): Dependencies | undefined {
  const needs = lock.workflows.get(path);
  if (needs === undefined) return undefined;
  const classes = only(lock.classes, needs.classes);
  const packs = [...classes.values()].flatMap(({ pack }) => pack ?? []);
  return {
    ...(lock.comfyui === undefined ? {} : { comfyui: lock.comfyui }),
    models: only(lock.models, needs.models),
    inputs: only(lock.inputs, needs.inputs),
    packs: only<PackEntry>(lock.packs, packs),
    classes,
  };
}

const only = <T>(entries: ReadonlyMap<string, T>, keys: readonly string[]): ReadonlyMap<string, T> =>
  new Map([...entries].filter(([key]) => keys.includes(key)));
