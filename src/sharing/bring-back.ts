import { readLineageLines } from '../capture/read-lineage.js';
import { type ChangedNote, documentsBetween, type Tips } from '../git/came-between.js';
import { addLineage } from '../git/lineage-lines.js';
import type { Repository } from '../git/repository.js';
import { changeStore } from '../git/store.js';
import { takenBack } from '../lineage/garbage.js';

/**
 * Undoes what the other side only deleted: a line that no tombstone takes back (`git notes remove`, and pushed), a layout, lines that were moved into the store.
 * What a gc takes out (lines that were taken back, snapshots and states) is not brought back here.
 * @param before where our refs were before both sides were united
 * @throws GitError `git-failed`
 */
export async function bringBack(
  repository: Repository,
  before: Tips,
  now: Tips,
  changed: readonly ChangedNote[],
): Promise<void> {
  const dropped = await documentsBetween(repository, before.store, now.store, 'D');
  const files = dropped.filter(({ path }) => !/^(?:snapshots|states)\//.test(path));
  if (files.length > 0) {
    await changeStore(repository, {
      message: 'git comfy: what somebody only deleted',
      plan: async () => files.map(({ path, old }) => ({ path, blob: old })),
    });
  }
  const removed = changed.flatMap(({ commit, removed: lines }) => lines.map((line) => ({ commit, line })));
  if (removed.length === 0) return;
  // A line that has moved into the store is still there.
  const there = (await readLineageLines(repository)).map(({ text }) => text);
  const known = new Set(there);
  const dead = takenBack([...there, ...removed.map(({ line }) => line)]);
  await addLineage(
    repository,
    removed.filter(({ line }) => !known.has(line) && !dead.has(line)),
  );
}
