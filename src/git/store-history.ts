import { git, splitNul } from './exec.js';
import type { Repository } from './repository.js';
import { storeRef } from './store.js';
import { tipOf } from './update-ref.js';

/** Our store and those of remotes as they were fetched. */
const stores = [storeRef, '--glob=refs/comfy/remotes/*'];

/** More paths than this go on no command line: then the whole history is looked through once. */
const mostNamed = 500;

/**
 * What ever stood at these paths of the store, newest first: what gc takes out stays in its history.
 * @throws GitError `git-failed`
 */
export async function everStored(
  repository: Repository,
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const blobs = new Map<string, string[]>();
  if (paths.length === 0 || (await tipOf(repository, storeRef)) === undefined) return blobs;
  const wanted = new Set(paths);
  const folders = [...new Set(paths.map((path) => path.slice(0, path.indexOf('/') + 1)))];
  const shape = ['--format=', '--raw', '-z', '--no-abbrev', '--no-renames', '--diff-filter=AM', '--no-show-signature'];
  const asked = ['log', ...shape, ...stores, '--', ...(paths.length > mostNamed ? folders : paths)];
  const fields = splitNul(await git(repository.top, asked));
  for (const [index, facts] of fields.entries()) {
    const blob = /^\n?:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [AM]$/.exec(facts)?.[1];
    const path = fields[index + 1];
    if (blob === undefined || path === undefined || !wanted.has(path)) continue;
    const found = blobs.get(path);
    if (found === undefined) blobs.set(path, [blob]);
    else found.push(blob);
  }
  return blobs;
}

/**
 * Paths of the store that came in after a time, some of them more than once.
 * @throws GitError `git-failed`
 */
export async function storedSince(repository: Repository, since: Date, folders: readonly string[]): Promise<string[]> {
  if ((await tipOf(repository, storeRef)) === undefined) return [];
  const shape = ['--format=', '--name-only', '-z', '--no-renames', '--diff-filter=A', '--no-show-signature'];
  return splitNul(
    await git(repository.top, ['log', ...shape, `--since=${since.toISOString()}`, storeRef, '--', ...folders]),
  );
}
