import type { Repository } from '../git/repository.js';
import { rowsAbout } from '../lineage/index/lookup.js';
import type { Lineage } from '../lineage/lineage.js';
import { answer, type Question } from '../lineage/question.js';
import { writeRecord } from '../lineage/record-line.js';
import { askIndex } from './index/open-index.js';
import { readRows } from './index/read-rows.js';
import { readRecordJournal } from './lineage-journal.js';

/**
 * What lineage knows about some outputs, prompts, commits or records: all lines of the runs that fit any part of the question, and the labels on
 * them. Prefer it to `readLineage`, which reads everything that was ever recorded.
 * @throws GitError `git-failed`
 */
export async function lineageAbout(repository: Repository, question: Question): Promise<Lineage> {
  const { waiting } = await readRecordJournal(repository);
  const records = waiting.map(({ draft }) => draft.record);
  const lines = await askIndex(repository, (index) => readRows(repository, index, rowsAbout(index, question, records)));
  return answer([...lines, ...records.map((record) => ({ text: writeRecord(record) }))], question);
}
