import { git, splitNul } from './exec.js';
import type { Repository } from './repository.js';

/** A version of a file: the commit that brought it in. */
export interface FileVersion {
  readonly commit: string;
  readonly path: string;
  readonly blob: string;
}

/**
 * The newest versions of files in the history of `head`, newest first, each blob once; at most as many commits are looked at as asked. A merge's
 * own versions are those of its sides.
 */
export async function recentVersions(
  repository: Repository,
  head: string,
  paths: readonly string[],
  mostCommits: number,
): Promise<FileVersion[]> {
  if (paths.length === 0) return [];
  const shape = ['--format=format:%H', '--raw', '-z', '--no-abbrev', '--no-renames', '--no-show-signature'];
  const range = [`--max-count=${mostCommits}`, '--topo-order', head, '--', ...paths.map((path) => `:(literal)${path}`)];
  const versions = new Map<string, FileVersion>();
  let commit = '';
  let blob: string | undefined;
  // `<commit>\n:<modes> <ids> <status>\0<path>\0` with more changes after it, and `\0` before the next commit.
  for (const item of splitNul(await git(repository.top, ['log', ...shape, ...range]))) {
    if (blob !== undefined) {
      if (!versions.has(blob)) versions.set(blob, { commit, path: item, blob });
      blob = undefined;
      continue;
    }
    const [, id, change = ''] = /^(?:([0-9a-f]{40,64})\n)?(:.*)?$/s.exec(item) ?? [];
    if (id !== undefined) commit = id;
    const after = change.split(' ')[3];
    if (after !== undefined) blob = after;
  }
  return [...versions.values()].filter(({ blob: id }) => !/^0+$/.test(id));
}
