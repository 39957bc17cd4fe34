import { chmod, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../files/atomic.js';
import { addConfig, removeConfigSection, setConfig, unsetConfig } from '../git/config.js';
import { git } from '../git/exec.js';
import type { Repository } from '../git/repository.js';
import { dress } from './dress.js';
import type { Step } from './plan.js';

/**
 * Does the steps in order. Every step can be done again, so that what an interruption left open is mended by the same command.
 * @throws GitError; system errors of files
 */
export async function applySteps(repository: Repository, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await applyStep(repository, step);
}

function applyStep(repository: Repository, step: Step): Promise<void> {
  switch (step.do) {
    case 'write':
      return write(step.path, step.content, step.executable === true);
    case 'remove':
      return remove(repository, step.path);
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
async function remove(repository: Repository, path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  const keep = new Set([repository.top, repository.gitDir, repository.commonDir]);
  for (let folder = dirname(path); !keep.has(folder) && dirname(folder) !== folder; folder = dirname(folder)) {
    const gone = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!gone) return;
  }
}
