import { git, withoutFilter } from './exec.js';
import type { Repository } from './repository.js';

/** One side of a change. */
export interface FileSide {
  /** Relative to the top, with `/`. */
  readonly path: string;
  /** `undefined` for what is in the work tree: git has not looked at it. */
  readonly blob: string | undefined;
}

/** A file that is, or in the work tree may be, different. */
export interface ChangedFile {
  readonly before: FileSide | undefined;
  readonly after: FileSide | undefined;
}

/** What is compared: two commits, a commit with the index, a commit with the work tree, or the index with the work tree. */
export type Range =
  | { readonly unstaged: true }
  | { readonly from: string; readonly to: string }
  | { readonly from: string; readonly staged: true }
  | { readonly from: string };

/**
 * Files that differ between the two ends of a range; renames are followed where git can tell without reading the work tree. A file of the
 * work tree whose time or size changed is listed, whatever is in it.
 * @param paths as git takes them, relative to `cwd`; none means all
 */
export async function changedFiles(
  repository: Repository,
  range: Range,
  paths: readonly string[] = [],
  cwd = repository.top,
): Promise<ChangedFile[]> {
  const shape = ['--raw', '-z', '--no-abbrev', '-r'];
  const command =
    'unstaged' in range
      ? ['diff-files', ...shape, '--no-renames']
      : 'to' in range
        ? ['diff-tree', ...shape, '-M', '--end-of-options', range.from, range.to]
        : 'staged' in range
          ? ['diff-index', '--cached', ...shape, '-M', '--end-of-options', range.from]
          : ['diff-index', ...shape, '--no-renames', '--end-of-options', range.from];
  return parseRaw(await git(cwd, [...withoutFilter, ...command, '--', ...paths]));
}

/** `:<modes> <ids> <status>\0<path>\0`, with a second path for a rename or copy. */
function parseRaw(output: Buffer): ChangedFile[] {
  const items = output.toString('utf8').split('\0');
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < items.length; ) {
    const [oldMode = '', newMode = '', oldId = '', newId = '', status = ''] = (items[at] ?? '').slice(1).split(' ');
    const path = items[at + 1] ?? '';
    const moved = /^[RC]/.test(status);
    const to = moved ? (items[at + 2] ?? '') : path;
    at += moved ? 3 : 2;
    // Links and submodules are no workflows; `U` is an unmerged path, listed a second time with its work tree file.
    if (status === 'U') continue;
    files.push({ before: sideOf(oldMode, oldId, path), after: sideOf(newMode, newId, to) });
  }
  return files;
}

function sideOf(mode: string, id: string, path: string): FileSide | undefined {
  if (!mode.startsWith('100')) return undefined;
  return { path, blob: /^0+$/.test(id) ? undefined : id };
}
