import { join } from 'node:path';
import { InputError } from '../errors.js';
import { writeNewFile } from '../files/atomic.js';
import { readIfThere } from '../files/read.js';
import { isSafePath } from '../files/zip-path.js';
import { filteredPaths } from '../git/attributes.js';
import type { Repository } from '../git/repository.js';
import type { Archive } from '../lineage/archive.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { shellWord } from '../shell-word.js';
import { writeJson } from '../workflow/json.js';

export interface ArrivedWorkflow {
  readonly path: string;
  /** `same` and `other` say what is there already; both stay. */
  readonly state: 'written' | 'would write' | 'same' | 'other';
  /** The attributes of this repository say that it is a workflow. */
  readonly tracked: boolean;
}

/** The workflow as it was embedded, or the prompt where none was, as a new file. */
export async function placeWorkflow(
  repository: Repository,
  { record, read }: Archive & { readonly read: Snapshot },
  { to, dryRun }: { readonly to?: string | undefined; readonly dryRun: boolean },
): Promise<ArrivedWorkflow> {
  const path = to === undefined ? await usualPath(repository, record.workflow?.path) : asked(to);
  const tracked = (await filteredPaths(repository, [path])).has(path);
  const text = `${writeJson(read.workflow ?? read.prompt)}\n`;
  const there = await readIfThere(join(repository.top, path));
  if (there !== undefined) return { path, state: there.toString('utf8') === text ? 'same' : 'other', tracked };
  if (!dryRun) await writeNewFile(join(repository.top, path), text);
  return { path, state: dryRun ? 'would write' : 'written', tracked };
}

/** Where the other repository had it, if this one keeps workflows there; else in `workflows/`. */
async function usualPath(repository: Repository, theirs: string | undefined): Promise<string> {
  const name = theirs?.split('/').at(-1) ?? 'imported.json';
  const candidates = [...(theirs === undefined ? [] : [theirs]), `workflows/${name}`].filter(isPlain);
  const tracked = await filteredPaths(repository, candidates);
  return candidates.find((path) => tracked.has(path)) ?? candidates.at(-1) ?? 'workflows/imported.json';
}

/** A path from outside may name a workflow, and nothing that git or another program reads: no folder or file with a dot in front. */
const isPlain = (path: string) => isSafePath(path) && /\.json$/i.test(path) && !/(?:^|\/)\./.test(path);

function asked(to: string): string {
  const path = to.replaceAll('\\', '/').replace(/^\.\//, '');
  if (isPlain(path)) return path;
  throw new InputError('no-such-place', `${to} is no place for a workflow in this repository`, {
    hint: `a path from the top of the repository that ends in .json: --to ${shellWord('workflows/portrait.json')}`,
  });
}
