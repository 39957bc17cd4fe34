import { mkdir } from 'node:fs/promises';
import { GitError } from '../errors.js';
import { git } from '../git/exec.js';
import { headCommit, openWorkTree, type Repository } from '../git/repository.js';
import { settingsPath } from '../lock/settings.js';
import type { Homeless, Place } from './comfy-folder.js';
import { workflowsBelow } from './find-workflows.js';
import type { InitResult } from './init-result.js';
import { allSaved } from './patterns.js';

/** As `git init` there, and the folder itself where ComfyUI has not saved anything yet. */
export async function makeNested({ folder, comfyui }: Homeless): Promise<Place> {
  await mkdir(folder, { recursive: true });
  await git(folder, ['init', '--quiet']);
  return { repository: await openWorkTree(folder), comfyui, nested: true };
}

/** What `init` would say where there is no repository yet that a plan could be made for. */
export async function wouldNest({ folder, comfyui }: Homeless): Promise<InitResult> {
  return {
    top: folder,
    comfyui,
    patterns: [allSaved],
    workflows: await workflowsBelow(folder),
    steps: [`make ${folder} a git repository of its own, with a first commit`, 'set it up as any other repository'],
    remarks: [],
    next: [],
    dryRun: true,
  };
}

export function nestedNeeded({ folder, ignored }: Homeless): GitError {
  const why = ignored
    ? "ComfyUI's own repository ignores its folder of saved workflows"
    : 'this ComfyUI is in no git repository';
  return new GitError('nested-needed', `${why}: ${folder}`, {
    hint: 'make that folder a repository of its own, with a first commit: git comfy init --nested',
  });
}

/** What was set up and the workflows that were there, where nothing is committed yet; also after an `init` that was stopped before it came to this. */
export async function firstCommit(repository: Repository, workflows: readonly string[]): Promise<string[]> {
  if ((await headCommit(repository)) !== undefined) return [];
  const paths = ['.gitattributes', settingsPath, ...workflows];
  await git(repository.top, ['add', '--pathspec-from-file=-', '--pathspec-file-nul'], { input: paths.join('\0') });
  try {
    await git(repository.top, ['commit', '--quiet', '--no-verify', '-m', 'Keep workflows with git comfy']);
    return ['made the first commit'];
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return [
      `all is staged, but git could not commit (${error.message}): git commit -m 'Keep workflows with git comfy'`,
    ];
  }
}
