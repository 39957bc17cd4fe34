import { GitError, UsageError } from '../errors.js';
import { gitText } from './exec.js';
import type { Repository } from './repository.js';
import { commitOf } from './revision.js';

/**
 * Ids of the commits that were meant: one by its name, or a range as git writes it (`v1.2..HEAD`, `main...side`).
 * @throws UsageError where git knows no such name
 */
export async function commitsOf(repository: Repository, name: string): Promise<ReadonlySet<string>> {
  if (!name.includes('..')) {
    const commit = await commitOf(repository, name);
    if (commit === undefined) throw noCommit(name);
    return new Set([commit]);
  }
  try {
    const ids = await gitText(repository.top, ['rev-list', '--end-of-options', name, '--']);
    return new Set(ids.split('\n').filter((id) => id !== ''));
  } catch (error) {
    if (error instanceof GitError && error.code === 'git-failed') throw noCommit(name);
    throw error;
  }
}

const noCommit = (name: string) =>
  new UsageError(`"${name}" is no commit and no range of them`, {
    hint: 'git branch --all lists the branches, git tag the tags',
  });
