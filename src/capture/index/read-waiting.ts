import type { Repository } from '../../git/repository.js';
import type { LineIndex } from '../../lineage/index/line-index.js';
import { rowsOfRuns } from '../../lineage/index/lookup.js';
import type { WaitingRun } from '../../lineage/index/waiting-runs.js';
import { gatherLineage } from '../../lineage/lineage.js';
import { isWaiting, joinRuns, type Run } from '../../lineage/query.js';
import { readRows } from './read-rows.js';

/** The lines of waiting runs. Only notes that hold one of them are read. @throws GitError `git-failed` */
export async function readWaiting(
  repository: Repository,
  index: LineIndex,
  runs: readonly WaitingRun[],
): Promise<Run[]> {
  if (runs.length === 0) return [];
  const wanted = new Uint8Array(index.kinds.length);
  for (const { group } of runs) wanted[group] = 1;
  const lines = await readRows(repository, index, rowsOfRuns(index, wanted, []));
  return joinRuns(gatherLineage(lines, () => false).records).filter(isWaiting);
}
