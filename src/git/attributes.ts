import { git } from './exec.js';
import type { Repository } from './repository.js';

export interface AttributeSource {
  /** The index instead of the files of the work tree decides. */
  readonly cached?: boolean;
  /** Another index than the repository's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * One attribute of many paths by `git check-attr`, the one authority, in the order of `paths`. The words of git:
 * `unspecified`, `set`, `unset`, or the value. Paths are relative to the top, and bytes: names need not be UTF-8.
 */
export async function attributeOf(
  repository: Repository,
  attribute: string,
  paths: readonly (string | Buffer)[],
  source: AttributeSource = {},
): Promise<string[]> {
  if (paths.length === 0) return [];
  const cached = source.cached === true || repository.bare ? ['--cached'] : [];
  const input = Buffer.concat(paths.flatMap((path) => [Buffer.from(path as string), nul]));
  const options = source.env === undefined ? { input } : { input, env: source.env };
  const output = await git(repository.top, ['check-attr', ...cached, '-z', '--stdin', attribute], options);
  // path NUL attribute NUL value NUL, one triple a path.
  return output
    .toString('latin1')
    .split('\0')
    .filter((_, index) => index % 3 === 2);
}

const nul = Buffer.from([0]);

/** Those of `paths` (relative to the top) whose filter is ours: these and only these are workflows. */
export async function filteredPaths(
  repository: Repository,
  paths: readonly string[],
  source: AttributeSource = {},
): Promise<Set<string>> {
  const values = await attributeOf(repository, 'filter', paths, source);
  return new Set(paths.filter((_, index) => values[index] === 'comfy'));
}
