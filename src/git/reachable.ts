import { git, gitText, runGit } from './exec.js';
import { headCommit, type Repository } from './repository.js';

/** Ids of all commits that a branch, a tag, a remote branch, the stash or HEAD leads to. */
export async function reachableCommits(repository: Repository): Promise<ReadonlySet<string>> {
  const head = (await headCommit(repository)) === undefined ? [] : ['HEAD'];
  const ids = await git(repository.top, [
    'rev-list',
    '--branches',
    '--tags',
    '--remotes',
    '--glob=refs/stash',
    ...head,
  ]);
  return new Set(
    ids
      .toString('latin1')
      .split('\n')
      .filter((id) => id !== ''),
  );
}

/** Whether a branch, a tag, a remote branch or HEAD leads to a commit; it need not be in this clone. */
export async function isInHistory(repository: Repository, commit: string): Promise<boolean> {
  const head = await runGit(repository.top, ['merge-base', '--is-ancestor', commit, 'HEAD']);
  if (head.code === 0) return true;
  const containing = ['for-each-ref', '--count=1', '--format=%(refname)', '--contains', commit];
  const { code, stdout } = await runGit(repository.top, [...containing, 'refs/heads', 'refs/tags', 'refs/remotes']);
  return code === 0 && stdout.length > 0;
}

/** Whether the clone ends somewhere (`git clone --depth`). */
export const isShallow = async (repository: Repository): Promise<boolean> =>
  (await gitText(repository.top, ['rev-parse', '--is-shallow-repository'])) === 'true';

/** Those of the commits that this clone has, on a branch or not. */
export async function commitsThere(repository: Repository, commits: readonly string[]): Promise<ReadonlySet<string>> {
  const args = ['rev-list', '--no-walk', '--ignore-missing', '--stdin'];
  const found = await gitText(repository.top, args, { input: `${[...new Set(commits)].join('\n')}\n` });
  return new Set(found.split('\n'));
}
