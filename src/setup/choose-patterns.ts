import { filteredPaths } from '../git/attributes.js';
import type { Repository } from '../git/repository.js';
import { trackedPatterns } from './attributes-file.js';
import { isSavedWorkflows } from './comfy-folder.js';
import { findWorkflows } from './find-workflows.js';
import { defaultPattern, patternsFor } from './patterns.js';

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
 */
export async function choosePatterns(repository: Repository, asked: readonly string[]): Promise<Choice> {
  const before = await trackedPatterns(repository);
  const found = await findWorkflows(repository);
  if (before.length === 0 && asked.length === 0) {
    if (isSavedWorkflows(repository.top)) return { patterns: ['*.json'], found, remarks: [] };
    return { patterns: found.length === 0 ? [defaultPattern] : patternsFor(found), found, remarks: [] };
  }
  const patterns = [...new Set([...before, ...asked])];
  if (asked.length > 0) return { patterns, found, remarks: [] };
  const tracked = await filteredPaths(repository, found);
  const others = found.filter((path) => !tracked.has(path));
  return { patterns, found, remarks: others.length === 0 ? [] : [untracked(others)] };
}

function untracked(paths: readonly string[]): string {
  const options = patternsFor(paths).map((pattern) => `--track '${pattern}'`);
  const count = paths.length === 1 ? '1 workflow is' : `${paths.length} workflows are`;
  return `${count} not tracked (${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ' ...' : ''}): git comfy init ${options.join(' ')}`;
}
