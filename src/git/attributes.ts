import { git } from './exec.js';
import { keepWord, layoutAttribute } from './layout-attribute.js';
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
export const attributeOf = async (
  repository: Repository,
  attribute: string,
  paths: readonly (string | Buffer)[],
  source: AttributeSource = {},
): Promise<string[]> => (await attributesOf(repository, [attribute], paths, source)).map(([value = '']) => value);

/** As `attributeOf`, of several attributes at once: for each path its values in the order of `attributes`. */
async function attributesOf(
  repository: Pick<Repository, 'top' | 'bare'>,
  attributes: readonly string[],
  paths: readonly (string | Buffer)[],
  source: AttributeSource,
): Promise<string[][]> {
  if (paths.length === 0) return [];
  const cached = source.cached === true || repository.bare ? ['--cached'] : [];
  const input = Buffer.concat(paths.flatMap((path) => [Buffer.from(path as string), nul]));
  const options = source.env === undefined ? { input } : { input, env: source.env };
  const output = await git(repository.top, ['check-attr', ...cached, '-z', '--stdin', ...attributes], options);
  // path NUL attribute NUL value NUL, one triple for each attribute of each path.
  const values = output
    .toString('latin1')
    .split('\0')
    .filter((_, index) => index % 3 === 2);
  return paths.map((_, at) => values.slice(at * attributes.length, (at + 1) * attributes.length));
}

/** What git's attributes make of a file that is a workflow: does its layout stay in it? */
export interface WorkflowAttributes {
  readonly keepsLayout: boolean;
}

/** For each path what is to be done with the workflow there; `undefined` where the filter is not ours: only ours are workflows. */
export async function workflowAttributes(
  repository: Repository,
  paths: readonly (string | Buffer)[],
  source: AttributeSource = {},
): Promise<(WorkflowAttributes | undefined)[]> {
  const rows = await attributesOf(repository, ['filter', layoutAttribute], paths, source);
  return rows.map(([filter, layout]) => (filter === 'comfy' ? { keepsLayout: layout === keepWord } : undefined));
}

const nul = Buffer.from([0]);

/**
 * Whether the layout of one file stays in it.
 * @param top the folder that `path` is relative to
 */
export async function keepsLayout(top: string, path: string): Promise<boolean> {
  const [values] = await attributesOf({ top, bare: false }, [layoutAttribute], [path], {});
  return values?.[0] === keepWord;
}

/** Those of `paths` (relative to the top) whose filter is ours: these and only these are workflows. */
export async function filteredPaths(
  repository: Repository,
  paths: readonly string[],
  source: AttributeSource = {},
): Promise<Set<string>> {
  const values = await attributeOf(repository, 'filter', paths, source);
  return new Set(paths.filter((_, index) => values[index] === 'comfy'));
}
