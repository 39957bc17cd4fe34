import { join } from 'node:path';
import { readIfThere } from '../files/read.js';
import { readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { listStore } from '../git/store.js';
import { type TrackedFile, trackedWorkflows } from '../git/tracked.js';
import { openBlob, smudgedText } from '../workflow/clean.js';
import { dress } from './dress.js';
import { readStorePath } from './layout-names.js';

/**
 * Gives files whose nodes we placed ourselves, for want of a layout, the one that has come from elsewhere since. A file that
 * anybody has saved or dragged is left alone. Returns the paths.
 * @throws GitError `git-failed`
 */
export async function dressPlaced(repository: Repository): Promise<string[]> {
  if (repository.bare) return [];
  const known = new Set((await listStore(repository, 'layouts')).map((file) => readStorePath(file)?.blob));
  const files = (await trackedWorkflows(repository)).filter(({ blob }) => known.has(blob));
  const placed: string[] = [];
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    files.map(({ blob }) => blob),
  )) {
    const { path } = files[index++] as TrackedFile;
    if (bytes !== undefined && (await isPlaced(join(repository.top, path), bytes))) placed.push(path);
  }
  if (placed.length > 0) await dress(repository, placed);
  return placed;
}

/** Whether the file is what a checkout without any layout makes of the blob. */
async function isPlaced(file: string, blob: Buffer): Promise<boolean> {
  const there = await readIfThere(file);
  if (there === undefined || there.equals(blob)) return false;
  const opened = openBlob(blob);
  return opened.kind === 'workflow' && smudgedText(opened.normal, undefined) === there.toString('utf8');
}
