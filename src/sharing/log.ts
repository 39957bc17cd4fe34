import { runsAt } from '../capture/runs-at.js';
import { UsageError } from '../errors.js';
import { commitsFrom } from '../git/commit-facts.js';
import { headCommit, type Repository } from '../git/repository.js';
import { commitOf } from '../git/revision.js';
import type { SkippedLine } from '../lineage/lineage.js';
import type { ShownMadeAt, ShownRun } from '../lineage/shown.js';
import { shownRuns } from './made-at.js';

export interface Log {
  /** Newest first, those without outputs too. */
  readonly commits: readonly ShownMadeAt[];
  /** Recorded before there was a commit. */
  readonly waiting: readonly ShownRun[];
  /** Runs at commits that are not listed: further back than asked, on another branch, or rewritten away. */
  readonly elsewhere: number;
  readonly skipped: readonly SkippedLine[];
}

/**
 * Commits from `rev` back with the outputs that each made; a run stands once, at the commit that matches it best.
 * @throws GitError `no-commit` where there is none and no output waits for one; UsageError for a name that is no commit
 */
export async function log(repository: Repository, rev: string, most?: number): Promise<Log> {
  const empty = rev === 'HEAD' && (await headCommit(repository)) === undefined;
  const commits = empty ? [] : await commitsFrom(repository, await needCommit(repository, rev), most);
  const { at, waiting, elsewhere, skipped } = await runsAt(repository, new Set(commits.map(({ id }) => id)));
  if (empty && waiting.length === 0) await needCommit(repository, rev);
  return {
    commits: commits.map((commit) => ({ commit, runs: shownRuns(at.get(commit.id) ?? []) })),
    waiting: shownRuns(waiting),
    elsewhere,
    skipped,
  };
}

async function needCommit(repository: Repository, rev: string): Promise<string> {
  const commit = await commitOf(repository, rev);
  if (commit !== undefined) return commit;
  throw new UsageError(`"${rev}" is no commit`, {
    hint: 'git branch --all lists the branches, git tag the tags; outputs of a workflow: git comfy find workflow:<path>',
  });
}
