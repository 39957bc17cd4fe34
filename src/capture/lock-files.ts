import { join } from 'node:path';
import { type Ignores, ignoreRules } from '../files/ignore.js';
import { readIfThere } from '../files/read.js';
import type { AttributeSource } from '../git/attributes.js';
import { readBlob, readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { filesOfAll, type TrackedFile, trackedWorkflows, workflowsAmong } from '../git/tracked.js';
import type { Lock } from '../lock/entries.js';
import { emptyLock, lockPath, readLock } from '../lock/lockfile.js';
import { readSettings, settingsPath } from '../lock/settings.js';
import type { TrackedBytes } from './plan-lock.js';

/** The workflows of an index (the repository's own, or one that a commit is being made from), with their bytes; those that `.comfyignore` names are left out. */
export async function indexedWorkflows(repository: Repository, index: AttributeSource = {}): Promise<TrackedBytes[]> {
  const ignores = await ignoredPaths(repository);
  const tracked = (await trackedWorkflows(repository, index)).filter(({ path }) => !ignores(path));
  return withBytes(repository, tracked);
}

/**
 * The workflows that `git commit -a` would commit, before git is asked to stage them: those of the index, and of those that were changed since what the work tree has.
 * They are as they stand there; the filter makes no other needs of them.
 */
export async function allWorkflows(repository: Repository): Promise<TrackedBytes[]> {
  const [ignores, { kept, changed }] = await Promise.all([ignoredPaths(repository), filesOfAll(repository)]);
  const workflows = (await workflowsAmong(repository, [...kept, ...changed])).filter(({ path }) => !ignores(path));
  const touched = new Set(changed.map(({ name }) => name.toString('utf8')));
  const [staged, present] = await Promise.all([
    withBytes(
      repository,
      workflows.filter(({ path }) => !touched.has(path)),
    ),
    workTreeFiles(
      repository,
      workflows.flatMap(({ path }) => (touched.has(path) ? [path] : [])),
    ),
  ]);
  return [...staged, ...present].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The same workflows as they stand in the work tree, where they are there. */
export async function workTreeFiles(repository: Repository, paths: readonly string[]): Promise<TrackedBytes[]> {
  const files: TrackedBytes[] = [];
  for (const path of paths) {
    const bytes = await readIfThere(join(repository.top, path));
    if (bytes !== undefined) files.push({ path, bytes });
  }
  return files;
}

/** Bytes of tracked files, through one process. */
export async function withBytes(repository: Repository, files: readonly TrackedFile[]): Promise<TrackedBytes[]> {
  if (files.length === 0) return [];
  const found: TrackedBytes[] = [];
  let at = 0;
  for await (const { bytes } of readObjects(
    repository,
    files.map(({ blob }) => blob),
  )) {
    const { path, keepsLayout } = files[at++] as TrackedFile;
    if (bytes !== undefined) found.push({ path, bytes, ...(keepsLayout ? { keepsLayout } : {}) });
  }
  return found;
}

/** What `.comfyignore` names. */
export async function ignoredPaths(repository: Repository): Promise<Ignores> {
  return ignoreRules((await readIfThere(join(repository.top, '.comfyignore')))?.toString('utf8'));
}

/**
 * What would write workflows or the lock asks first whether this repository is of a newer version.
 * @throws InputError `settings-newer`, `settings-damaged`
 */
export async function checkSettings(repository: Repository): Promise<void> {
  const settings = await readIfThere(join(repository.top, settingsPath));
  if (settings !== undefined) readSettings(settings.toString('utf8'));
}

/**
 * The lock of the work tree, or the empty one where there is none yet.
 * @throws InputError `lock-newer`, `lock-damaged`, `settings-newer`, `settings-damaged`
 */
export async function workTreeLock(repository: Repository): Promise<{ readonly lock: Lock; readonly text?: string }> {
  await checkSettings(repository);
  const text = (await readIfThere(join(repository.top, lockPath)))?.toString('utf8');
  return text === undefined ? { lock: emptyLock } : { lock: readLock(text), text };
}

/**
 * The lock at `<commit>:` or, with an empty revision, of the index; `undefined` where there is none.
 * @throws InputError `lock-newer`, `lock-damaged`
 */
export async function lockAt(repository: Repository, revision: string): Promise<Lock | undefined> {
  const bytes = await readBlob(repository, `${revision}:${lockPath}`);
  return bytes === undefined ? undefined : readLock(bytes.toString('utf8'));
}
