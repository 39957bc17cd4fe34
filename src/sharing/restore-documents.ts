import { createHash } from 'node:crypto';
import { readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { changeStore } from '../git/store.js';
import { everStored } from '../git/store-history.js';
import type { FileChange } from '../git/update-ref.js';

/**
 * Puts documents back that the history of the store, or a remote's store, still has: taken out by a gc (here or in another clone) while somebody recorded
 * a run that needs them, or damaged. Returns those that are back.
 * @param paths `snapshots/ab/<rest of the SHA-256>.json` and the like
 * @throws GitError `git-failed`
 */
export async function restoreDocuments(repository: Repository, paths: readonly string[]): Promise<string[]> {
  const found = await findSound(repository, paths);
  if (found.length === 0) return [];
  await changeStore(repository, {
    message: 'git comfy: documents that are needed are back',
    plan: async () => found,
  });
  return found.map(({ path }) => path);
}

async function findSound(repository: Repository, paths: readonly string[]): Promise<FileChange[]> {
  const candidates = [...(await everStored(repository, paths))].flatMap(([path, blobs]) =>
    [...new Set(blobs)].map((blob) => ({ path, blob })),
  );
  const sound = new Map<string, FileChange>();
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    candidates.map(({ blob }) => blob),
  )) {
    const candidate = candidates[index++];
    if (candidate === undefined || bytes === undefined || sound.has(candidate.path)) continue;
    if (nameOf(candidate.path) === createHash('sha256').update(bytes).digest('hex'))
      sound.set(candidate.path, candidate);
  }
  return [...sound.values()];
}

/** `snapshots/ab/cd….json` is named `abcd…`. */
const nameOf = (path: string) =>
  path
    .split('/')
    .slice(1)
    .join('')
    .replace(/\.json$/, '');
