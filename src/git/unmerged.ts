import { git } from './exec.js';
import type { Repository } from './repository.js';

/** A path that a merge left open: what the index has of the common version (stage 1), ours (2) and theirs (3). */
export interface UnmergedFile {
  /** Relative to the top, with `/`. */
  readonly path: string;
  readonly base: string | undefined;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

const stages = { '1': 'base', '2': 'ours', '3': 'theirs' } as const;

/**
 * Unmerged plain files, in the order of the index.
 * @param paths as git takes them, relative to `cwd`; none means all
 */
export async function unmergedFiles(
  repository: Repository,
  paths: readonly string[] = [],
  cwd = repository.top,
): Promise<UnmergedFile[]> {
  const output = await git(cwd, [
    'ls-files',
    '-u',
    '-z',
    '--full-name',
    '--end-of-options',
    ...(paths.length === 0 ? [':/'] : paths),
  ]);
  const files = new Map<string, { path: string; base?: string; ours?: string; theirs?: string }>();
  for (const line of output.toString('utf8').split('\0')) {
    const [, blob = '', stage = '', path = ''] = /^100\d+ ([0-9a-f]+) ([123])\t([\s\S]+)$/.exec(line) ?? [];
    if (path === '') continue;
    files.set(path, { ...(files.get(path) ?? { path }), [stages[stage as keyof typeof stages]]: blob });
  }
  return [...files.values()].map(({ path, base, ours, theirs }) => ({ path, base, ours, theirs }));
}
