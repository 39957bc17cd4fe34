import type { AttributeSource } from './attributes.js';
import { git, gitMaybe } from './exec.js';
import type { Repository } from './repository.js';
import { type TrackedFile, trackedWorkflows } from './tracked.js';

/**
 * The workflows that the next commit would add or change, by the index alone: GIT_INDEX_FILE of `commit -a` and of a commit with
 * paths is respected, and no workflow of the work tree is looked at. Attributes are those by which `git add` chose the filter.
 */
export async function stagedWorkflows(repository: Repository, source: AttributeSource = {}): Promise<TrackedFile[]> {
  const staged = await trackedWorkflows(repository, source);
  if (staged.length === 0) return [];
  const head = await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', 'HEAD^{tree}']);
  if (head === undefined) return staged;
  const args = ['diff-index', '--cached', '--raw', '-z', '--no-abbrev', '--no-renames', '--diff-filter=AMT', head];
  const options = source.env === undefined ? {} : { env: source.env };
  const changed = new Set(pathsOf(await git(repository.top, args, options)));
  return staged.filter(({ path }) => changed.has(path));
}

/** The workflows that differ between two commits, as the work tree's attributes name them; `to` has them. */
export async function changedWorkflows(repository: Repository, from: string, to: string): Promise<string[]> {
  const args = ['diff-tree', '-r', '--raw', '-z', '--no-abbrev', '--no-renames', '--diff-filter=AMT', from, to];
  const changed = new Set(pathsOf(await git(repository.top, args)));
  if (changed.size === 0) return [];
  return (await trackedWorkflows(repository)).map(({ path }) => path).filter((path) => changed.has(path));
}

/** `:<modes> <ids> <status>\0<path>\0`. */
const pathsOf = (raw: Buffer) =>
  raw
    .toString('utf8')
    .split('\0')
    .filter((_, index) => index % 2 === 1);
