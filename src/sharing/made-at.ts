import { lineageAbout } from '../capture/lineage-about.js';
import { blobsBroughtIn } from '../git/brought-in.js';
import type { CommitFacts } from '../git/commit-facts.js';
import type { Repository } from '../git/repository.js';
import type { SkippedLine } from '../lineage/lineage.js';
import { byStart, joinRuns, type Run } from '../lineage/query.js';
import { recordId } from '../lineage/record-line.js';
import type { ShownMadeAt, ShownRun } from '../lineage/shown.js';
import { homelessRuns } from './homeless-runs.js';

/**
 * A commit and the outputs that were made at it, oldest first, with those of commits that were rewritten into it; and lines that could not be read: one may have known more.
 * @throws GitError `git-failed`
 */
export async function madeAt(
  repository: Repository,
  commit: CommitFacts,
): Promise<ShownMadeAt & { readonly skipped: readonly SkippedLine[] }> {
  const normals = (await blobsBroughtIn(repository, commit.id)).slice(0, mostBlobs);
  const { records, skipped } = await lineageAbout(repository, { commits: [commit.id], normals });
  const runs = joinRuns(records);
  const here = runs.filter((run) => isAt(run, commit.id));
  const homeless = await homelessRuns(
    repository,
    runs.filter((run) => !isAt(run, commit.id)),
    commit.id,
  );
  const gone = new Set(homeless.map(({ best }) => recordId(best.text)));
  const shown = shownRuns([...here, ...homeless]);
  return { commit, skipped, runs: shown.map((run) => (gone.has(run.id) ? { ...run, rewritten: true as const } : run)) };
}

/** An import of thousands of files holds too many to ask for. */
const mostBlobs = 1000;

const isAt = (run: Run, id: string) =>
  linesOf(run).some(({ record, commits }) => record.commit === id || commits.includes(id));

const linesOf = ({ best, others }: Run) => [best, ...others];

/** Runs for a list, oldest first. */
export function shownRuns(runs: readonly Run[]): ShownRun[] {
  return [...runs]
    .sort(byStart)
    .map(({ best, others }) => ({ id: recordId(best.text), record: best.record, otherLines: others.length }));
}
