import type { Repository } from '../git/repository.js';
import { placedRows } from '../lineage/index/placed-rows.js';
import { gatherLineage } from '../lineage/lineage.js';
import { type PlacedRuns, placeRuns } from '../lineage/placed-runs.js';
import { writeRecord } from '../lineage/record-line.js';
import { askIndex } from './index/open-index.js';
import { readRows } from './index/read-rows.js';
import { readRecordJournal } from './lineage-journal.js';

/**
 * The runs that stand at these commits, and those that wait for one; of all others it is only known how many there are.
 * @param commits full ids
 * @throws GitError `git-failed`
 */
export async function runsAt(repository: Repository, commits: ReadonlySet<string>): Promise<PlacedRuns> {
  const { waiting } = await readRecordJournal(repository);
  const records = waiting.map(({ draft }) => draft.record);
  return askIndex(repository, async (index) => {
    const { rows, others } = placedRows(index, commits, records);
    const lines = await readRows(repository, index, rows);
    const lineage = gatherLineage([...lines, ...records.map((record) => ({ text: writeRecord(record) }))]);
    const placed = placeRuns(lineage, commits);
    return { ...placed, elsewhere: placed.elsewhere + others };
  });
}
