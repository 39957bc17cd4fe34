import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttributeSource, workflowAttributes } from './attributes.js';
import { git } from './exec.js';
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

async function workflowsAmong(
  repository: Repository,
  entries: readonly Entry[],
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
  const output = (await git(repository.top, ['ls-tree', '-r', '-z', '--full-tree', 'HEAD'])).toString('latin1');
  // <mode> blob <id> TAB path NUL; names stay bytes until they have been asked for.
  const files = output.split('\0').flatMap((line) => {
    const [, mode = '', blob = '', name = ''] = /^(100\d+) blob ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
    return name === '' ? [] : [{ name: Buffer.from(name, 'latin1'), mode, blob }];
  });
  return workflowsAmong(repository, files);
}

interface Entry {
  readonly name: Buffer;
  readonly blob: string;
  readonly mode: string;
}

/** `<mode> <blob> <stage>\t<path>\0`; names stay bytes until they have been asked for. */
function parseStaged(output: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf(0, start);
    const tab = output.indexOf(9, start);
    const [mode = '', blob = '', stage] = output.toString('latin1', start, tab).split(' ');
    if (stage === '0' && mode.startsWith('100')) entries.push({ name: output.subarray(tab + 1, end), blob, mode });
    start = end + 1;
  }
  return entries;
}
