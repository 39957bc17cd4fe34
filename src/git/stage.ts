import { git } from './exec.js';
import { writeBlob } from './objects.js';
import type { Repository } from './repository.js';

/** A stage-0 entry of the index. */
export interface StagedEntry {
  readonly mode: string;
  readonly blob: string;
}

/** The entry of a path; `undefined` where there is none, or only a conflict. */
export async function stagedEntry(repository: Repository, path: string): Promise<StagedEntry | undefined> {
  const literal = ['--literal-pathspecs', 'ls-files', '-s', '-z', '--', path];
  const line = (await git(repository.top, literal)).toString('utf8').split('\0')[0] ?? '';
  const [, mode, blob] = /^(\d+) ([0-9a-f]+) 0\t/.exec(line) ?? [];
  return mode === undefined || blob === undefined ? undefined : { mode, blob };
}

/** Whether a merge left the path undecided. */
export async function isUnmerged(repository: Repository, path: string): Promise<boolean> {
  return (await git(repository.top, ['--literal-pathspecs', 'ls-files', '-u', '-z', '--', path])).length > 0;
}

/** Puts content into the index as it stands; the work tree is not looked at. */
export async function stageContent(repository: Repository, path: string, content: string): Promise<void> {
  const blob = await writeBlob(repository, content);
  const mode = (await stagedEntry(repository, path))?.mode ?? '100644';
  await stageEntry(repository, path, { mode, blob });
}

/** Sets an entry, or takes it out. */
export async function stageEntry(repository: Repository, path: string, entry: StagedEntry | undefined): Promise<void> {
  const none = { mode: '0', blob: '0'.repeat(repository.objectFormat === 'sha256' ? 64 : 40) };
  const { mode, blob } = entry ?? none;
  const line = `${mode} ${blob} 0\t${path}\0`;
  await git(repository.top, ['update-index', '-z', '--index-info'], { input: line });
}

/** The entry that a commit has at a path; `undefined` where there is none, or no commit. */
export async function committedEntry(
  repository: Repository,
  commit: string | undefined,
  path: string,
): Promise<StagedEntry | undefined> {
  if (commit === undefined) return undefined;
  const line = (await git(repository.top, ['ls-tree', '-z', '--full-tree', commit, '--', path])).toString('utf8');
  const [, mode, blob] = /^(\d+) blob ([0-9a-f]+)\t/.exec(line) ?? [];
  return mode === undefined || blob === undefined ? undefined : { mode, blob };
}
