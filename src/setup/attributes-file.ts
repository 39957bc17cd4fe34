import { join } from 'node:path';
import { InputError } from '../errors.js';
import { readIfThere } from '../files/read.js';
import { attributeOf } from '../git/attributes.js';
import type { Repository } from '../git/repository.js';
import { blockOf, withBlock, withoutBlock } from './markers.js';
import { attributeLine, examplePath, lockAttributeLine, patternOf } from './patterns.js';
import { nothing, type Plan } from './plan.js';

const pathOf = (repository: Repository) => join(repository.top, '.gitattributes');

const read = async (repository: Repository) => (await readIfThere(pathOf(repository)))?.toString('utf8');

/** The patterns that this repository tracks by our block; empty where `init` was never run. */
export async function trackedPatterns(repository: Repository): Promise<string[]> {
  const lines = blockOf(await read(repository)) ?? [];
  return lines.flatMap((line) => patternOf(line) ?? []);
}

/** Writes the patterns, all of them, into our block of `.gitattributes` at the top. */
export async function planAttributes(repository: Repository, patterns: readonly string[]): Promise<Plan> {
  const before = await read(repository);
  const lines = patterns.map(attributeLine);
  const content = withBlock(before, [...lines, lockAttributeLine], 'end');
  if (content === before) return nothing;
  const tracked = blockOf(before) ?? [];
  const about = lines.every((line) => tracked.includes(line))
    ? 'have comfy.lock united entry by entry (.gitattributes)'
    : `track ${patterns.join(', ')} in .gitattributes`;
  return { steps: [{ do: 'write', path: pathOf(repository), content, about }], remarks: [] };
}

export async function planAttributesRemoval(repository: Repository): Promise<Plan> {
  const before = await read(repository);
  if (blockOf(before) === undefined) return nothing;
  const content = withoutBlock(before ?? '');
  const about = 'take our lines out of .gitattributes';
  const path = pathOf(repository);
  return {
    steps: [content === '' ? { do: 'remove', path, about } : { do: 'write', path, content, about }],
    remarks: [],
  };
}

/**
 * A path has one filter: ours and another (git-lfs) exclude each other.
 * @throws InputError `other-filter` naming the first path that has one
 */
export async function refuseOtherFilters(
  repository: Repository,
  patterns: readonly string[],
  paths: readonly string[],
): Promise<void> {
  const asked = [...paths, ...patterns.map(examplePath)];
  const filters = await attributeOf(repository, 'filter', asked);
  const index = filters.findIndex((filter) => !['comfy', 'unspecified', 'unset'].includes(filter));
  if (index < 0) return;
  throw new InputError('other-filter', `${asked[index]} already has the filter ${filters[index]}, and git allows one`, {
    hint: `take that line out of .gitattributes, or track other files: git comfy init --track '<pattern>'`,
  });
}
