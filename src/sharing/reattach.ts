import { commitsHoldingBlob } from '../git/history.js';
import { addLineage } from '../git/lineage-lines.js';
import type { NoteLine } from '../git/notes.js';
import type { Repository } from '../git/repository.js';
import type { Run } from '../lineage/query.js';
import type { RunRecord } from '../lineage/record.js';
import { writeRecord } from '../lineage/record-line.js';

/** A run that has a line on a commit of today's history again. */
export interface Reattached {
  readonly output: string | undefined;
  readonly from: string | undefined;
  readonly to: string;
}

/**
 * Gives runs whose commit was rewritten away (squashed, rebased elsewhere) a further line, with the same prompt id, on the first commit that has the
 * very workflow; by what was recorded of its blob, or of the normal form of what was embedded.
 * @throws GitError `git-failed`
 */
export async function reattach(
  repository: Repository,
  runs: readonly Run[],
): Promise<{ readonly reattached: readonly Reattached[]; readonly left: readonly Run[] }> {
  const lines: NoteLine[] = [];
  const reattached: Reattached[] = [];
  const left: Run[] = [];
  for (const run of runs) {
    const { record } = run.best;
    const home = await homeOf(repository, record);
    if (home === undefined || home.commit === undefined) {
      left.push(run);
      continue;
    }
    lines.push({ commit: home.commit, line: writeRecord(home) });
    reattached.push({ output: record.outputs[0]?.name, from: record.commit, to: home.commit });
  }
  await addLineage(repository, lines);
  return { reattached, left };
}

async function homeOf(repository: Repository, record: RunRecord): Promise<RunRecord | undefined> {
  for (const blob of new Set([record.workflow?.blob, record.normal])) {
    const [holder] = blob === undefined ? [] : await commitsHoldingBlob(repository, blob);
    if (holder === undefined || blob === undefined) continue;
    // Another lock may stand beside it there: the run's own line keeps the one that it had.
    const { lock: _, differs, ...rest } = record;
    const exact = blob === record.normal;
    return {
      ...rest,
      ...(exact || differs === undefined ? {} : { differs }),
      match: exact ? 'exact' : record.match,
      commit: holder.commit,
      workflow: { path: holder.path, blob },
      inferred: true,
    };
  }
  return undefined;
}
