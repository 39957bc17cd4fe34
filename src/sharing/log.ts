import { readLineage } from '../capture/read-lineage.js';
import { UsageError } from '../errors.js';
import { commitsFrom } from '../git/commit-facts.js';
import { headCommit, type Repository } from '../git/repository.js';
import { commitOf } from '../git/revision.js';
import type { SkippedLine } from '../lineage/lineage.js';
import { joinRuns, type Run } from '../lineage/query.js';
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
  const lineage = await readLineage(repository);
  const anyWaiting = lineage.records.some(({ record }) => record.commit === undefined);
  const empty = rev === 'HEAD' && anyWaiting && (await headCommit(repository)) === undefined;
  const commits = empty ? [] : await commitsFrom(repository, await needCommit(repository, rev), most);
  const known = new Set(commits.map(({ id }) => id));
  const homes = new Map<string | undefined, Run[]>();
  const waiting: Run[] = [];
  for (const run of joinRuns(lineage.records)) {
    if (run.best.record.commit === undefined) {
      waiting.push(run);
      continue;
    }
    const home = homeOf(run, known);
    const there = homes.get(home);
    if (there === undefined) homes.set(home, [run]);
    else there.push(run);
  }
  return {
    commits: commits.map((commit) => ({ commit, runs: shownRuns(homes.get(commit.id) ?? []) })),
    waiting: shownRuns(waiting),
    elsewhere: homes.get(undefined)?.length ?? 0,
    skipped: lineage.skipped,
  };
}

async function needCommit(repository: Repository, rev: string): Promise<string> {
  const commit = await commitOf(repository, rev);
  if (commit !== undefined) return commit;
  throw new UsageError(`"${rev}" is no commit`, {
    hint: 'git branch --all lists the branches, git tag the tags; outputs of a workflow: git comfy find workflow:<path>',
  });
}

/** The commit of the best line that this history has; after a rebase the one that the note was copied to. */
function homeOf({ best, others }: Run, known: ReadonlySet<string>): string | undefined {
  for (const { record, commits } of [best, ...others]) {
    const home = [record.commit ?? '', ...commits].find((commit) => known.has(commit));
    if (home !== undefined) return home;
  }
  return undefined;
}
