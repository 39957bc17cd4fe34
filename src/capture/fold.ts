import type { Repository } from '../git/repository.js';
import { foldLayouts } from './fold-layouts.js';
import { foldRecords } from './fold-records.js';

/** How much went from the journal into the refs. */
export interface Folded {
  readonly layouts: number;
  readonly records: number;
}

/**
 * Takes everything that waits in the journal into the refs: commit, record and sync call it. Doing it twice, or in two processes at once, is harmless.
 * @throws GitError `git-failed`
 */
export async function fold(repository: Repository): Promise<Folded> {
  return { layouts: await foldLayouts(repository), records: await foldRecords(repository) };
}
