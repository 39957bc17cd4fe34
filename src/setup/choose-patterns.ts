import { UsageError } from '../errors.js';
import { filteredPaths } from '../git/attributes.js';
import type { Repository } from '../git/repository.js';
import { trackedPatterns } from './attributes-file.js';
import { isSavedWorkflows } from './comfy-folder.js';
import { findWorkflows } from './find-workflows.js';
import { allSaved, defaultPattern, patternsFor } from './patterns.js';

export interface Choice {
  /** All patterns of our block, in order. */
  readonly patterns: readonly string[];
  /** Workflow files that were found in the repository. */
  readonly found: readonly string[];
  readonly remarks: readonly string[];
}

/**
 * Which files are workflows: what is tracked already, what `--track` adds; at the first time the folders in which workflows were
 * found, everything in ComfyUI's own folder of saved workflows, or `workflows/` where there is nothing yet.
 * @throws UsageError for what can be no pattern
 */
export async function choosePatterns(repository: Repository, asked: readonly string[]): Promise<Choice> {
  for (const pattern of asked) refuseOdd(pattern);
  const before = await trackedPatterns(repository);
  const found = await findWorkflows(repository);
  if (before.length === 0 && asked.length === 0) {
    if (isSavedWorkflows(repository.top)) return { patterns: [allSaved], found, remarks: [] };
    return found.length === 0 ? noneFound : { patterns: patternsFor(found), found, remarks: [] };
  }
  const patterns = [...new Set([...before, ...asked])];
  if (asked.length > 0) return { patterns, found, remarks: [] };
  const tracked = await filteredPaths(repository, found);
  const others = found.filter((path) => !tracked.has(path));
  return { patterns, found, remarks: others.length === 0 ? [] : [untracked(others)] };
}

const noneFound: Choice = {
  patterns: [defaultPattern],
  found: [],
  remarks: [
    "no workflow was found: save them below workflows/, or say where they are: git comfy init --track 'graphs/**/*.json'",
  ],
};

/** What gitattributes(5) cannot hold, or what can match nothing in this repository. */
function refuseOdd(pattern: string): void {
  const hint = "a pattern is relative to the top of the repository: git comfy init --track 'graphs/**/*.json'";
  if (pattern.trim() === '' || pattern.startsWith('!') || /[\n\r\0]/.test(pattern))
    throw new UsageError(`${JSON.stringify(pattern)} is no pattern of gitattributes`, { hint });
  if (pattern.split('/').includes('..')) throw new UsageError(`"${pattern}" leads out of the repository`, { hint });
}

function untracked(paths: readonly string[]): string {
  const options = patternsFor(paths).map((pattern) => `--track '${pattern}'`);
  const count = paths.length === 1 ? '1 workflow is' : `${paths.length} workflows are`;
  return `${count} not tracked (${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ' ...' : ''}): git comfy init ${options.join(' ')}`;
}
