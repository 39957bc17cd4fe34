import { UsageError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { findOriginals, type Original } from '../reproduce/original.js';

/**
 * The one run that an export is about.
 * @param asked an output file, the first digits of its hash or of its record, or a commit at which one run was made
 * @throws UsageError where nothing or several runs are named; what `findOriginals` throws
 */
export async function exportedRun(repository: Repository, asked: string | undefined, cwd: string): Promise<Original> {
  if (asked === undefined) {
    throw new UsageError('say which output', { hint: 'git comfy export picture.png --format intoto' });
  }
  const [run, ...others] = await findOriginals(repository, asked, cwd);
  if (run !== undefined && others.length === 0) return run;
  throw new UsageError(`${others.length + 1} runs were made at ${asked}; an export is about one`, {
    hint: 'name an output: git comfy log --outputs lists them with their hashes',
  });
}
