import { git, gitMaybe, splitNul } from './exec.js';
import { emptyTreeOf, type Repository } from './repository.js';

/**
 * Ids of the blobs that a commit has and its first parent does not have at that path.
 * @throws GitError `git-failed`
 */
export async function blobsBroughtIn(repository: Repository, commit: string): Promise<string[]> {
  const parent = await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', `${commit}^1`]);
  const shape = ['-r', '--raw', '-z', '--no-abbrev', '--no-renames', '--diff-filter=AM'];
  const fields = splitNul(
    await git(repository.top, ['diff-tree', ...shape, parent || emptyTreeOf(repository), commit]),
  );
  return fields.flatMap((facts, index) => (index % 2 === 0 ? (facts.split(' ')[3] ?? []) : []));
}
