import { gitMaybe } from './exec.js';
import { needHeadCommit, type Repository } from './repository.js';

/**
 * Object id of the commit that a name means, as git reads names (`HEAD~2`, a branch, part of an id); `undefined` where there is none.
 * @throws GitError `no-commit` for a name that starts at HEAD before there is a commit: nothing is wrong with the name then
 */
export async function commitOf(repository: Repository, name: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const commit = await gitMaybe(repository.top, args);
  if (commit !== undefined && commit !== '') return commit;
  if (/^(?:HEAD|@)(?:$|[\^~@:])/.test(name)) await needHeadCommit(repository);
  return undefined;
}
