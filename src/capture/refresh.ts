import { lstat, readFile } from 'node:fs/promises';
import { sep } from 'node:path';
import type { Talk } from '../context.js';
import { workflowAttributes } from '../git/attributes.js';
import { blobId } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { type IndexEntry, putBack, restage, stagedBlobs, touchedFiles } from '../git/restage.js';
import { cleanBytes, type StoredForm } from '../workflow/clean.js';
import { filterLimits } from './filter-limits.js';

export interface Refreshed {
  /** Paths relative to the top whose index entry agrees with the file again. */
  readonly refreshed: string[];
}

/**
 * After a mere drag: adds again, through the filter, every workflow whose normal form is what the index has. Git compares sizes
 * before it asks a filter, so without this it calls them modified and refuses to switch. Their layouts go to the journal on the way.
 * What is staged never changes: an entry that a real edit slipped into meanwhile is put back.
 * @throws GitError where the index cannot be written (another git holds its lock)
 */
export async function refresh(repository: Repository, talk: Talk): Promise<Refreshed> {
  if (repository.bare) return { refreshed: [] };
  const touched = await touchedWorkflows(repository);
  const same: IndexEntry[] = [];
  for (const [done, entry] of touched.entries()) {
    talk.progress({ label: 'comparing workflows', done, total: touched.length, unit: 'count' });
    if (await isUnchanged(repository, entry)) same.push(entry);
  }
  talk.progress(undefined);
  if (same.length === 0) return { refreshed: [] };
  const paths = same.map(({ path }) => path);
  await restage(repository, paths);
  const blobs = await stagedBlobs(repository);
  const moved = same.filter(({ path, blob }) => blobs.get(path.toString('latin1')) !== blob);
  if (moved.length > 0) await putBack(repository, moved);
  return { refreshed: same.filter((entry) => !moved.includes(entry)).map(({ path }) => path.toString('utf8')) };
}

async function touchedWorkflows(repository: Repository): Promise<TouchedWorkflow[]> {
  const touched = await touchedFiles(repository);
  const paths = touched.map(({ path }) => path);
  const attributes = await workflowAttributes(repository, paths);
  return touched.flatMap((entry, index) => {
    const known = attributes[index];
    return known === undefined ? [] : [{ ...entry, form: known.keepsLayout ? 'kept' : 'normal' }];
  });
}

interface TouchedWorkflow extends IndexEntry {
  readonly form: StoredForm;
}

/** Whether git would store for the file what the index has already. */
async function isUnchanged(repository: Repository, { path, blob, form }: TouchedWorkflow): Promise<boolean> {
  const file = Buffer.concat([Buffer.from(`${repository.top}${sep}`), path]);
  try {
    if (!(await lstat(file)).isFile()) return false;
    const bytes = await readFile(file);
    const cleaned = cleanBytes(bytes, filterLimits, form);
    return blobId(repository.objectFormat, cleaned.kind === 'workflow' ? cleaned.bytes : bytes) === blob;
  } catch {
    // Gone or unreadable meanwhile: then it is certainly not unchanged, and git says why when it gets there.
    return false;
  }
}
