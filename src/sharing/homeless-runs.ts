import { commitsHoldingBlob } from '../git/history.js';
import { isShallow, reachableCommits } from '../git/reachable.js';
import type { Repository } from '../git/repository.js';
import type { Run } from '../lineage/query.js';

/**
 * Of runs those whose commits are in the history of nothing any more, and whose workflow came into today's history with this commit: a squash on a host, and the
 * branch is gone.
 * @throws GitError `git-failed`
 */
export async function homelessRuns(repository: Repository, runs: readonly Run[], commit: string): Promise<Run[]> {
  if (runs.length === 0) return [];
  const reachable = await reachableCommits(repository);
  const lost = runs.filter((run) => homesOf(run).length > 0 && !homesOf(run).some((home) => reachable.has(home)));
  // Where a shallow clone begins all files come in at once.
  if (lost.length === 0 || (await isShallow(repository))) return [];
  const firsts = new Map<string, string | undefined>();
  const found: Run[] = [];
  for (const run of lost) {
    const { workflow, normal } = run.best.record;
    const blob = workflow?.blob ?? normal ?? '';
    if (!firsts.has(blob)) firsts.set(blob, (await commitsHoldingBlob(repository, blob))[0]?.commit);
    if (firsts.get(blob) === commit) found.push(run);
  }
  return found;
}

const homesOf = ({ best, others }: Run): string[] =>
  [best, ...others].flatMap(({ record, commits }) =>
    record.commit === undefined ? commits : [record.commit, ...commits],
  );
