import { git } from './exec.js';
import type { Repository } from './repository.js';

/** An entry of the index; `path` is git's bytes, relative to the top. */
export interface IndexEntry {
  readonly path: Buffer;
  readonly blob: string;
  /** `100644` or `100755`. */
  readonly mode: string;
}

/**
 * Plain files whose stat data no longer fits the index: changed, or just touched. Conflicts, links, submodules, deleted files and
 * changes of the mode are not among them.
 */
export async function touchedFiles(repository: Repository): Promise<IndexEntry[]> {
  // -0: of a conflict nothing but that it is one; otherwise its file is compared with ours, and adding it again would decide for ours.
  const shape = ['-0', '--raw', '-z', '--no-abbrev', '--ignore-submodules=all'];
  // :<mode before> <mode now> <blob> <zeros> M NUL path NUL
  return pairsOf(await git(repository.top, ['diff-files', ...shape]))
    .map(([header, path]) => ({ fields: header.toString('latin1').slice(1).split(' '), path }))
    .filter(({ fields: [before, now, , , status] }) => status === 'M' && before === now && before?.startsWith('100'))
    .map(({ fields: [mode = '', , blob = ''], path }) => ({ path, mode, blob }));
}

/** Adds files to the index again, through the filter, in one call. Entries that are not there are not made. */
export async function restage(repository: Repository, paths: readonly Buffer[]): Promise<void> {
  await git(repository.top, ['update-index', '-z', '--stdin'], { input: joined(paths) });
}

/** The blobs that the index has for these paths now, by path as latin1 text; conflicts have none. */
export async function stagedBlobs(repository: Repository): Promise<Map<string, string>> {
  const output = (await git(repository.top, ['ls-files', '-s', '-z', '--full-name'])).toString('latin1');
  const found = output.split('\0').flatMap((line) => {
    const [, blob, path] = /^\d+ ([0-9a-f]+) 0\t([\s\S]+)$/.exec(line) ?? [];
    return blob === undefined || path === undefined ? [] : [[path, blob] as const];
  });
  return new Map(found);
}

/** Sets entries back to what they were; git will look at the files again. */
export async function putBack(repository: Repository, entries: readonly IndexEntry[]): Promise<void> {
  const lines = entries.map(({ path, blob, mode }) => Buffer.concat([Buffer.from(`${mode} ${blob} 0\t`), path]));
  await git(repository.top, ['update-index', '-z', '--index-info'], { input: joined(lines) });
}

const nul = Buffer.from([0]);

const joined = (parts: readonly Buffer[]) => Buffer.concat(parts.flatMap((part) => [part, nul]));

/** NUL-separated fields, two by two. */
function pairsOf(output: Buffer): (readonly [Buffer, Buffer])[] {
  const pairs: (readonly [Buffer, Buffer])[] = [];
  for (let at = 0; at < output.length; ) {
    const middle = output.indexOf(0, at);
    const end = output.indexOf(0, middle + 1);
    if (middle < 0 || end < 0) break;
    pairs.push([output.subarray(at, middle), output.subarray(middle + 1, end)]);
    at = end + 1;
  }
  return pairs;
}
