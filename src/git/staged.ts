import type { AttributeSource } from './attributes.js';
import { git, gitFailed, runGit } from './exec.js';
import { headCommit, type Repository } from './repository.js';
import { type FileEntry, type TrackedFile, trackedWorkflows, workflowsAmong } from './tracked.js';

/**
 * The workflows that the next commit would add or change, by the index alone: GIT_INDEX_FILE of `commit -a` and of a commit with
 * paths is respected, and no workflow of the work tree is looked at. Attributes are those by which `git add` chose the filter.
 */
export async function stagedWorkflows(repository: Repository, source: AttributeSource = {}): Promise<TrackedFile[]> {
  const args = ['diff-index', '--cached', ...shape, 'HEAD', '--'];
  const result = await runGit(repository.top, args, source.env === undefined ? {} : { env: source.env });
  if (result.code === 0) return workflowsAmong(repository, entriesIn(result.stdout), source);
  if ((await headCommit(repository)) === undefined) return trackedWorkflows(repository, source);
  throw gitFailed(args, result);
}

const shape = ['--raw', '-z', '--no-abbrev', '--no-renames', '--diff-filter=AMT'];

/** The workflows that differ between two commits, as the work tree's attributes name them; `to` has them. */
export async function changedWorkflows(repository: Repository, from: string, to: string): Promise<string[]> {
  const changed = entriesIn(await git(repository.top, ['diff-tree', '-r', ...shape, from, to]));
  return (await workflowsAmong(repository, changed)).map(({ path }) => path);
}

/** The side after: `:<modes> <ids> <status>\0<path>\0`; plain files only. */
function entriesIn(raw: Buffer): FileEntry[] {
  const fields = raw.toString('latin1').split('\0');
  return fields.flatMap((facts, index) => {
    const [, mode = '', , blob = ''] = facts.split(' ');
    const name = fields[index + 1];
    return index % 2 === 0 && name !== undefined && mode.startsWith('100')
      ? [{ name: Buffer.from(name, 'latin1'), mode, blob }]
      : [];
  });
}
