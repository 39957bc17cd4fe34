import { chmod, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { dress } from '../capture/dress.js';
import { checkInterrupted, GitError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { addConfig, removeConfigSection, setConfig, unsetConfig } from '../git/config.js';
import { git } from '../git/exec.js';
import { fetchLineage } from '../git/remote.js';
import type { Repository } from '../git/repository.js';
import type { Step } from './plan.js';

/**
 * Does the steps in order and returns what the person should know of them. Every step can be done again, so that what an
 * interruption left open is mended by the same command.
 * @throws GitError; Interrupted; system errors of files
 */
export async function applySteps(
  repository: Repository,
  steps: readonly Step[],
  signal: AbortSignal,
): Promise<string[]> {
  const remarks: string[] = [];
  for (const step of steps) {
    checkInterrupted(signal);
    if (step.do === 'fetch') remarks.push(...(await fetchNow(repository, step.remote, signal)));
    else await applyStep(repository, step);
  }
  return remarks;
}

/** Work without a network goes on: the layouts come with the next fetch. */
async function fetchNow(repository: Repository, remote: string, signal: AbortSignal): Promise<string[]> {
  try {
    await fetchLineage(repository, remote, signal);
    return [];
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return [`${error.message}; lineage and layouts come later: git comfy sync ${remote}`];
  }
}

function applyStep(repository: Repository, step: Exclude<Step, { do: 'fetch' }>): Promise<void> {
  switch (step.do) {
    case 'write':
      return write(step.path, step.content, step.executable === true);
    case 'remove':
      return remove(repository, step.path, step.andEmptyParents ?? true);
    case 'set-config':
      return setConfig(repository, step.key, step.value);
    case 'add-config':
      return addConfig(repository, step.key, step.value);
    case 'unset-config':
      return unsetConfig(repository, step.key, step.value);
    case 'remove-section':
      return removeConfigSection(repository, step.section);
    case 'delete-ref':
      return git(repository.top, ['update-ref', '-d', step.ref]).then(() => undefined);
    case 'dress':
      return dress(repository, step.paths);
  }
}

async function write(path: string, content: string, executable: boolean): Promise<void> {
  const before = await stat(path).catch(() => undefined);
  await writeFileAtomic(path, content);
  // The rename made a new file: it gets the old one's mode, and a hook the bit without which it is not run.
  const mode = before?.mode ?? (executable ? 0o755 : undefined);
  if (mode !== undefined) await chmod(path, mode | (executable ? 0o100 : 0));
}

/** Takes a file away, and the folders that only held it. */
async function remove(repository: Repository, path: string, andEmptyParents: boolean): Promise<void> {
  await rm(path, { recursive: true, force: true });
  if (!andEmptyParents) return;
  const keep = new Set([repository.top, repository.gitDir, repository.commonDir]);
  for (let folder = dirname(path); !keep.has(folder) && dirname(folder) !== folder; folder = dirname(folder)) {
    const gone = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!gone) return;
  }
}
