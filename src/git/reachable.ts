import { git } from './exec.js';
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
