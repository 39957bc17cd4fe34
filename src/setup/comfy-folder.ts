import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { findInstallation } from '../comfyui/installation.js';
import { GitError } from '../errors.js';
import { runGit } from '../git/exec.js';
import { openWorkTree, type Repository } from '../git/repository.js';

/** Where `init` is going to work. */
export interface Place {
  readonly repository: Repository;
  /** The ComfyUI that it stands in, if any. */
  readonly comfyui?: string;
  /** The repository is a nested one of ComfyUI's saved workflows. */
  readonly nested: boolean;
}

/** A folder of saved workflows that no repository keeps. */
export interface Homeless {
  readonly folder: string;
  readonly comfyui: string;
  /** ComfyUI's own repository ignores it; else there is no repository at all. */
  readonly ignored: boolean;
}

/** Whether a folder is where ComfyUI saves workflows of a user. */
export const isSavedWorkflows = (folder: string) => /[\\/]user[\\/][^\\/]+[\\/]workflows$/.test(folder);

/**
 * The repository to set up. ComfyUI's own clone ignores the folder of saved workflows, and a ComfyUI that was unpacked is in no
 * repository at all: there it is a nested repository in that folder, or the folder that has none yet.
 * @throws GitError `no-repository`, `bare-repository`
 */
export async function findPlace(cwd: string): Promise<Place | Homeless> {
  const comfyui = (await findInstallation({ cwd }))?.root;
  const around = await openWorkTree(cwd).catch((error: GitError) => {
    if (comfyui === undefined || error.code !== 'no-repository') throw error;
    return undefined;
  });
  const folder = comfyui === undefined ? undefined : await savedWorkflows(comfyui, cwd);
  const needed = folder !== undefined && (around === undefined || (await ignores(around, folder)));
  if (!needed || comfyui === undefined) {
    if (around === undefined) throw new GitError('no-repository', 'this folder is in no git repository');
    return { repository: around, nested: false, ...(comfyui === undefined ? {} : { comfyui }) };
  }
  const inner = await nestedRepository(folder);
  if (inner !== undefined) return { repository: inner, comfyui, nested: true };
  return { folder, comfyui, ignored: around !== undefined };
}

/**
 * The repository that `init` sets up from here, so that `doctor` and `deinit` mean the same one: in ComfyUI's own clone the nested one.
 * @throws GitError `no-repository`, `bare-repository`
 */
export async function setUpRepository(cwd: string): Promise<Repository> {
  const found = await findPlace(cwd);
  return 'repository' in found ? found.repository : openWorkTree(cwd);
}

/** The user's folder that `cwd` is in, else the default user's. */
async function savedWorkflows(comfyui: string, cwd: string): Promise<string> {
  const users = join(comfyui, 'user') + sep;
  const here = await realpath(cwd);
  const user = here.startsWith(users) ? here.slice(users.length).split(sep)[0] : undefined;
  return join(comfyui, 'user', user === undefined || user === '' ? 'default' : user, 'workflows');
}

async function ignores(repository: Repository, folder: string): Promise<boolean> {
  if (!folder.startsWith(repository.top + sep)) return false;
  const probe = join(folder, 'example.json').slice(repository.top.length + 1);
  return (await runGit(repository.top, ['check-ignore', '--quiet', '--', probe])).code === 0;
}

async function nestedRepository(folder: string): Promise<Repository | undefined> {
  const found = await openWorkTree(folder).catch(() => undefined);
  return found?.top === (await realpath(folder).catch(() => folder)) ? found : undefined;
}
