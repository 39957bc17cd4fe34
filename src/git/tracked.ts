import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttributeSource, workflowAttributes } from './attributes.js';
import { git, runGit, withoutFilter } from './exec.js';
import { headCommit, type Repository } from './repository.js';

/** A workflow as the index or a commit has it. */
export interface TrackedFile {
  /** Relative to the top, with `/`. */
  readonly path: string;
  readonly blob: string;
  /** `100644` or `100755`. */
  readonly mode: string;
  /** Its layout stays in the file (`comfy-layout=keep`). */
  readonly keepsLayout?: true;
}

/**
 * The workflows of the index: merged entries (stage 0) of plain files whose filter is ours.
 * @param source `cached: true` lets the staged `.gitattributes` decide instead of the one in the work tree
 */
export async function trackedWorkflows(repository: Repository, source: AttributeSource = {}): Promise<TrackedFile[]> {
  const options = source.env === undefined ? {} : { env: source.env };
  const entries = parseStaged(await git(repository.top, ['ls-files', '-s', '-z', '--full-name'], options));
  return workflowsAmong(repository, entries, source);
}

/** Those of some files that are workflows, by the attributes of the work tree unless `source` says otherwise. */
export async function workflowsAmong(
  repository: Repository,
  entries: readonly FileEntry[],
  source?: AttributeSource,
): Promise<TrackedFile[]> {
  const names = entries.map(({ name }) => name);
  const attributes = await workflowAttributes(repository, names, source);
  return entries.flatMap(({ name, blob, mode }, index) => {
    const known = attributes[index];
    if (known === undefined) return [];
    const file = { path: name.toString('utf8'), blob, mode };
    return [known.keepsLayout ? { ...file, keepsLayout: true } : file];
  });
}

/** What `git commit -a` would commit. */
export interface FilesOfAll {
  /** As the index has them. */
  readonly kept: readonly FileEntry[];
  /** What is to be staged from the work tree: changed, or in conflict. */
  readonly changed: readonly FileEntry[];
}

/** The files of the index, by whether they were touched since. @throws GitError `git-failed` */
export async function filesOfAll(repository: Repository): Promise<FilesOfAll> {
  const [staged, touched] = await Promise.all([
    git(repository.top, ['ls-files', '-s', '-z', '--full-name']),
    // A file as young as the index is compared by what is in it; without the filter it may count as touched, which costs a reading.
    git(repository.top, [
      ...withoutFilter,
      'diff-files',
      '--name-status',
      '-z',
      '--no-renames',
      '--ignore-submodules=all',
    ]),
  ]);
  const states = statesIn(touched);
  const stateOf = ({ name }: FileEntry) => states.get(name.toString('latin1'));
  // Of a conflict there are several entries.
  const files = new Map(parseStaged(staged, false).map((entry) => [entry.name.toString('latin1'), entry]));
  return {
    kept: [...files.values()].filter((file) => stateOf(file) === undefined),
    changed: [...files.values()].filter((file) => ['M', 'U'].includes(stateOf(file) ?? '')),
  };
}

/** `<state>\0<path>\0`; of a conflict first that, and then how the file differs from ours. */
function statesIn(output: Buffer): Map<string, string> {
  const fields = output.toString('latin1').split('\0');
  return new Map(fields.flatMap((state, at) => (at % 2 === 0 && state !== '' ? [[fields[at + 1] ?? '', state]] : [])));
}

/** The workflows of a commit, by the attributes of that commit; works in bare repositories too. */
export async function workflowsAt(repository: Repository, commit: string): Promise<TrackedFile[]> {
  // An index of its own: `check-attr --source` needs git 2.40, and the user's index must not move.
  const folder = await mkdtemp(join(tmpdir(), 'git-comfy-'));
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    await git(repository.top, ['read-tree', `${commit}^{tree}`], { env });
    return await trackedWorkflows(repository, { cached: true, env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The workflows of the commit at HEAD, by the attributes of the work tree; none before the first commit. */
export async function workflowsOfHead(repository: Repository): Promise<TrackedFile[]> {
  if ((await headCommit(repository)) === undefined) return [];
  return workflowsAmong(repository, await filesAt(repository, 'HEAD'));
}

/** A plain file of the index or a commit. */
export interface FileEntry {
  /** Relative to the top; names stay bytes until git has been asked for them. */
  readonly name: Buffer;
  readonly blob: string;
  readonly mode: string;
}

/** All plain files of a commit. @throws GitError `git-failed` */
export const filesAt = async (repository: Repository, commit: string): Promise<FileEntry[]> =>
  parseTree(await git(repository.top, listOf(commit)));

/** The blobs of a commit's first parent; none where it has no parent, or that is cut off (a shallow clone). */
export async function blobsOfParent(repository: Repository, commit: string): Promise<ReadonlySet<string>> {
  const { code, stdout } = await runGit(repository.top, listOf(`${commit}^`));
  return new Set(code === 0 ? parseTree(stdout).map(({ blob }) => blob) : []);
}

const listOf = (commit: string) => ['ls-tree', '-r', '-z', '--full-tree', commit];

/** `<mode> blob <id>\t<path>\0`. */
const parseTree = (output: Buffer): FileEntry[] =>
  output
    .toString('latin1')
    .split('\0')
    .flatMap((line) => {
      const [, mode = '', blob = '', name = ''] = /^(100\d+) blob ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
      return name === '' ? [] : [{ name: Buffer.from(name, 'latin1'), mode, blob }];
    });

/** `<mode> <blob> <stage>\t<path>\0`; names stay bytes until they have been asked for. */
function parseStaged(output: Buffer, merged = true): FileEntry[] {
  const entries: FileEntry[] = [];
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf(0, start);
    const tab = output.indexOf(9, start);
    const [mode = '', blob = '', stage] = output.toString('latin1', start, tab).split(' ');
    if ((stage === '0' || !merged) && mode.startsWith('100'))
      entries.push({ name: output.subarray(tab + 1, end), blob, mode });
    start = end + 1;
  }
  return entries;
}
