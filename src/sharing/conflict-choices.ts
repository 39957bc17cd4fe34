import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { writeFileAtomic } from '../files/atomic.js';
import { readIfThere } from '../files/read.js';
import { comfyPath, type Repository } from '../git/repository.js';
import type { UnmergedFile } from '../git/unmerged.js';
import type { Choices, Side } from '../workflow/merge/sides.js';

// What was decided of a file so far, until nothing is left and the file is staged. Named by the three versions and the path, so that it never
// speaks of another merge.

function pathOf(repository: Repository, { path, base, ours, theirs }: UnmergedFile): string {
  const id = createHash('sha256').update([base, ours, theirs, path].join('\0')).digest('hex');
  return comfyPath(repository, 'cache', 'conflicts', `${id}.json`);
}

export async function readChoices(repository: Repository, file: UnmergedFile): Promise<Choices> {
  const bytes = await readIfThere(pathOf(repository, file));
  if (bytes === undefined) return new Map();
  try {
    const entries: unknown = JSON.parse(bytes.toString('utf8'));
    return new Map(Array.isArray(entries) ? entries.filter(isEntry) : []);
  } catch {
    return new Map();
  }
}

const isEntry = (entry: unknown): entry is [string, Side] =>
  Array.isArray(entry) && typeof entry[0] === 'string' && (entry[1] === 'ours' || entry[1] === 'theirs');

export async function saveChoices(repository: Repository, file: UnmergedFile, choices: Choices): Promise<void> {
  await writeFileAtomic(pathOf(repository, file), `${JSON.stringify([...choices])}\n`);
}

export async function forgetChoices(repository: Repository, file: UnmergedFile): Promise<void> {
  await rm(pathOf(repository, file), { force: true });
}
