import type { Repository } from '../git/repository.js';
import { readRecordJournal } from './lineage-journal.js';
import { settle } from './record-run.js';

/**
 * Takes in runs that a crash, or a repository without a commit, left in the journal. Doing it twice, or in two processes at once, is harmless:
 * the same facts make the same line. Returns how many are in the refs now.
 * @throws GitError `git-failed`
 */
export async function foldRecords(repository: Repository): Promise<number> {
  const { waiting } = await readRecordJournal(repository);
  if (waiting.length === 0) return 0;
  const records = await settle(repository, waiting);
  return records.filter(({ commit }) => commit !== undefined).length;
}
