import { commitNamed } from '../git/commit-facts.js';
import { git, splitNul } from '../git/exec.js';
import { commitsHoldingBlob } from '../git/history.js';
import { commitsThere, isInHistory, isShallow } from '../git/reachable.js';
import type { Repository } from '../git/repository.js';
import type { Run } from '../lineage/query.js';
import type { ShownNow } from '../lineage/shown.js';

/**
 * Where a run's commit is in today's history, if that was rewritten since (amend, rebase, a squash on a host, filter-repo): git has copied the line to the
 * new commit, or some commit has the very workflow. `undefined` where its commit still is in the history, or nothing tells.
 * @throws GitError `git-failed`
 */
export async function commitNow(repository: Repository, run: Run): Promise<ShownNow | undefined> {
  const { commit, workflow, normal } = run.best.record;
  if (commit === undefined || (await isInHistory(repository, commit))) return undefined;
  // A shallow clone does not have all of the history.
  if ((await isShallow(repository)) && !(await commitsThere(repository, [commit])).has(commit)) return undefined;
  const blobs = [workflow?.blob, normal].flatMap((blob) => blob ?? []);
  const copies = await copiesInHistory(repository, run);
  for (const copy of copies) {
    if (await holdsOneOf(repository, copy, blobs)) return facts(repository, copy, true);
  }
  for (const blob of blobs) {
    const [first] = await commitsHoldingBlob(repository, blob);
    if (first !== undefined) return facts(repository, first.commit, true);
  }
  const [copy] = copies;
  return copy === undefined ? undefined : facts(repository, copy, false);
}

async function copiesInHistory(repository: Repository, { best, others }: Run): Promise<string[]> {
  const lines = [best, ...others];
  const homes = new Set(lines.flatMap(({ record, commits }) => [...commits, record.commit ?? '']));
  const found: string[] = [];
  for (const home of homes) if (home !== '' && (await isInHistory(repository, home))) found.push(home);
  return found;
}

async function holdsOneOf(repository: Repository, commit: string, blobs: readonly string[]): Promise<boolean> {
  const entries = splitNul(await git(repository.top, ['ls-tree', '-r', '-z', commit]));
  return entries.some((entry) => blobs.includes(entry.split(/[ \t]/, 3)[2] ?? ''));
}

async function facts(repository: Repository, id: string, sameWorkflow: boolean): Promise<ShownNow | undefined> {
  const commit = await commitNamed(repository, id);
  return commit === undefined ? undefined : { ...commit, sameWorkflow };
}
