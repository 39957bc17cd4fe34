import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from './exec.js';
import { needHeadCommit, type Repository } from './repository.js';
import { trackedWorkflows } from './tracked.js';

/** A file of HEAD that gets another blob. */
export interface ReplacedBlob {
  readonly path: string;
  readonly mode: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Commits HEAD with these blobs in place of others and returns the commit. What is staged stays staged; where the index has the old blob
 * it gets the new one. Hooks that could refuse are not asked: for changes of form, not of what is said.
 * @throws GitError `git-failed`, `no-commit`
 */
export async function commitBlobs(
  repository: Repository,
  blobs: readonly ReplacedBlob[],
  message: string,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'git-comfy-'));
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    await git(repository.top, ['read-tree', await needHeadCommit(repository)], { env });
    await setBlobs(repository, blobs, env);
    await git(repository.top, ['commit', '--quiet', '--no-verify', '-m', message], { env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const staged = new Map((await trackedWorkflows(repository)).map(({ path, blob }) => [path, blob]));
  await setBlobs(
    repository,
    blobs.filter(({ path, before }) => staged.get(path) === before),
  );
  return needHeadCommit(repository);
}

async function setBlobs(
  repository: Repository,
  blobs: readonly ReplacedBlob[],
  env?: Readonly<Record<string, string>>,
): Promise<void> {
  const input = blobs.map(({ path, mode, after }) => `${mode} ${after} 0\t${path}\0`).join('');
  await git(repository.top, ['update-index', '-z', '--index-info'], { input, ...(env === undefined ? {} : { env }) });
}
