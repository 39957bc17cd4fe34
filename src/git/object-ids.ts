import { askGit, gitFailed } from './exec.js';
import type { Repository } from './repository.js';

/**
 * Ids of objects by anything git understands (`<commit>:<path>`), through one process, in the order of `specs`, which have no line breaks; `undefined` where there
 * is no such object.
 * @throws GitError `git-failed`
 */
export async function objectIds(repository: Repository, specs: readonly string[]): Promise<(string | undefined)[]> {
  if (specs.length === 0) return [];
  const args = ['cat-file', '--batch-check=%(objectname)'];
  const result = await askGit(repository.top, args, {}, `${specs.join('\n')}\n`);
  if (result.code !== 0) throw gitFailed(args, result);
  const lines = result.stdout.toString('utf8').split('\n');
  return specs.map((_, at) => (/^[0-9a-f]{40,64}$/.test(lines[at] ?? '') ? lines[at] : undefined));
}
