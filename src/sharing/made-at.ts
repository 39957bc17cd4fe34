import { lineageAbout } from '../capture/lineage-about.js';
import type { CommitFacts } from '../git/commit-facts.js';
import type { Repository } from '../git/repository.js';
import type { SkippedLine } from '../lineage/lineage.js';
import { joinRuns, type Run, startOf } from '../lineage/query.js';
import { recordId } from '../lineage/record-line.js';
import type { ShownMadeAt, ShownRun } from '../lineage/shown.js';

/** A commit and the outputs that were made at it, oldest first; and lines that could not be read: one may have known more. */
export async function madeAt(
  repository: Repository,
  commit: CommitFacts,
): Promise<ShownMadeAt & { readonly skipped: readonly SkippedLine[] }> {
  const { records, skipped } = await lineageAbout(repository, { commits: [commit.id] });
  const runs = joinRuns(records);
  return {
    commit,
    skipped,
    runs: shownRuns(
      runs.filter((run) =>
        linesOf(run).some(({ record, commits }) => record.commit === commit.id || commits.includes(commit.id)),
      ),
    ),
  };
}

const linesOf = ({ best, others }: Run) => [best, ...others];

/** Runs for a list, oldest first. */
export function shownRuns(runs: readonly Run[]): ShownRun[] {
  return [...runs]
    .sort((a, b) => startOf(a.best.record).localeCompare(startOf(b.best.record)))
    .map(({ best, others }) => ({ id: recordId(best.text), record: best.record, otherLines: others.length }));
}
