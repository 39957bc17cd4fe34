import { fold } from '../capture/fold.js';
import { lineageTexts } from '../capture/read-lineage.js';
import { addLineage } from '../git/lineage-lines.js';
import { removeNoteLines } from '../git/remove-note-lines.js';
import type { Repository } from '../git/repository.js';
import { changeStore } from '../git/store.js';
import { leftWorktrees, removeWorktrees } from '../git/worktree.js';
import { goneTest, idsTakenBack } from '../lineage/garbage.js';
import { writeRecord } from '../lineage/record-line.js';
import { findGarbage, type Garbage } from './find-garbage.js';
import { type LeftFile, leftFiles, removeLeft } from './left-files.js';
import { neededDocuments } from './needed-documents.js';
import { restoreDocuments } from './restore-documents.js';

export interface GcResult {
  /** Names of the first outputs of runs that left only temporary files; each got a tombstone. */
  readonly temporary: readonly string[];
  /** Lines that a tombstone takes back, out of the notes. */
  readonly lines: number;
  /** Paths in the store. */
  readonly documents: readonly string[];
  /** Leftovers of killed processes, caches of what is over. */
  readonly files: readonly LeftFile[];
  /** Paths of temporary work trees of killed processes. */
  readonly worktrees: readonly string[];
  readonly dryRun: boolean;
}

export interface GcWishes {
  readonly dryRun: boolean;
  /** What is younger stays, whatever it is. */
  readonly since: Date;
  readonly now: Date;
}

/**
 * Takes out what nobody needs: records of runs that left only temporary files, lines that were taken back, documents that no line names, files that
 * killed processes have left. Never a record of a kept output. Safe while others write.
 * @throws GitError `git-failed`
 */
export async function gc(repository: Repository, wishes: GcWishes): Promise<GcResult> {
  if (!wishes.dryRun) await fold(repository);
  const garbage = await findGarbage(repository, wishes.since);
  const files = await leftFiles(repository, wishes.now);
  const worktrees = await leftWorktrees(repository);
  if (!wishes.dryRun) {
    await takeOut(repository, garbage, wishes.now);
    await removeLeft(files);
    await removeWorktrees(repository, worktrees);
  }
  const { temporary, lines, documents } = garbage;
  const names = temporary.map(({ name }) => name);
  return { temporary: [...new Set(names)], lines, documents, files, worktrees, dryRun: wishes.dryRun };
}

async function takeOut(repository: Repository, { temporary, documents }: Garbage, now: Date): Promise<void> {
  // Union would bring a line that is only deleted back from the next clone: a tombstone says for good that it counts no more.
  const time = now.toISOString();
  const tombstones = temporary.map(({ id, prompt, commit }) => ({
    commit,
    line: writeRecord({ tombstone: 1, of: id, ...(prompt === undefined ? {} : { prompt }), time }),
  }));
  await addLineage(repository, tombstones);
  const gone = await idsTakenBack(lineageTexts(repository));
  if (gone.size > 0) await removeNoteLines(repository, goneTest(gone));
  await removeDocuments(repository, documents);
}

/**
 * A writer that found a document in place does not write it again. Whoever looked before it was taken out has its run in the journal, or already in the
 * notes: so look again afterwards, at the journal first, and put back what is needed after all.
 */
async function removeDocuments(repository: Repository, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await changeStore(repository, {
    message: 'git comfy: documents that no record names',
    plan: async (tip) => (tip === undefined ? [] : paths.map((path) => ({ path }))),
  });
  await restoreDocuments(repository, await neededDocuments(repository, paths));
}
