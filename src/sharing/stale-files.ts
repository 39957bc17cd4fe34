import { join } from 'node:path';
import { readIfThere } from '../files/read.js';
import { workflowAttributes } from '../git/attributes.js';
import { commitsHoldingBlob } from '../git/history.js';
import { blobId } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { cleanBytes, type StoredForm } from '../workflow/clean.js';

/** A file of the work tree that is what an older commit had. */
export interface StaleFile {
  readonly path: string;
  /** The newest commit that brought this version in. */
  readonly commit: string;
  readonly time: string;
}

/** Each costs a walk through history, so only so many are looked up. */
const most = 20;

/**
 * Which of some changed files equal an earlier version: a browser tab that was open before a checkout saves the old graph over the new
 * one. Layout does not count.
 */
export async function staleFiles(repository: Repository, paths: readonly string[]): Promise<StaleFile[]> {
  const stale: StaleFile[] = [];
  const looked = paths.slice(0, most);
  const attributes = await workflowAttributes(repository, looked);
  for (const [at, path] of looked.entries()) {
    const bytes = await readIfThere(join(repository.top, path));
    if (bytes === undefined) continue;
    const blob = blobId(repository.objectFormat, storedBytes(bytes, attributes[at]?.keepsLayout ? 'kept' : 'normal'));
    const holder = (await commitsHoldingBlob(repository, blob)).findLast((found) => found.path === path);
    if (holder !== undefined) stale.push({ path, commit: holder.commit, time: holder.time });
  }
  return stale;
}

/** What git would store for these bytes. */
function storedBytes(bytes: Uint8Array, form: StoredForm): Uint8Array {
  const cleaned = cleanBytes(bytes, undefined, form);
  return cleaned.kind === 'workflow' ? cleaned.bytes : bytes;
}
