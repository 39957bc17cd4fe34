import { mkdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { findInstallation } from '../comfyui/installation.js';
import { GitError } from '../errors.js';
import { git, runGit } from '../git/exec.js';
import { openWorkTree, type Repository } from '../git/repository.js';

/** Where `init` is going to work. */
export interface Place {
  readonly repository: Repository;
  /** The ComfyUI that it stands in, if any. */
  readonly comfyui?: string;
  /** The repository was made just now, and has no commit. */
  readonly made: boolean;
}

/** Whether a folder is where ComfyUI saves workflows of a user. */
export const isSavedWorkflows = (folder: string) => /[\\/]user[\\/][^\\/]+[\\/]workflows$/.test(folder);

/**
 * The repository to set up. ComfyUI's own clone ignores the folder of saved workflows, and a ComfyUI that was unpacked is in no
 * repository at all: there it is a nested repository in that folder, which `mayNest` is asked about.
 * @throws GitError `no-repository`, `bare-repository`, `nested-needed`
 */
export async function findPlace(
  cwd: string,
  nested: boolean,
  mayNest: (folder: string) => Promise<boolean>,
): Promise<Place> {
  const comfyui = (await findInstallation({ cwd }))?.root;
  const around = await openWorkTree(cwd).catch((error: GitError) => {
    if (comfyui === undefined || error.code !== 'no-repository') throw error;
    return undefined;
  });
  const folder = comfyui === undefined ? undefined : await savedWorkflows(comfyui, cwd);
  const needed = folder !== undefined && (around === undefined || (await ignores(around, folder)));
  if (!needed || comfyui === undefined) {
    if (around === undefined) throw new GitError('no-repository', 'this folder is in no git repository');
    return { repository: around, made: false, ...(comfyui === undefined ? {} : { comfyui }) };
  }
  const inner = await nestedRepository(folder);
  if (inner !== undefined) return { repository: inner, comfyui, made: false };
  if (!nested && !(await mayNest(folder))) throw nestedNeeded(folder, around !== undefined);
  await mkdir(folder, { recursive: true });
  await git(folder, ['init', '--quiet']);
  return { repository: await openWorkTree(folder), comfyui, made: true };
}

/**
 * The repository that `init` sets up from here, so that `doctor` and `deinit` mean the same one: in ComfyUI's own clone the nested one.
 * @throws GitError `no-repository`, `bare-repository`
 */
export async function setUpRepository(cwd: string): Promise<Repository> {
  try {
    return (await findPlace(cwd, false, async () => false)).repository;
  } catch (error) {
    if (error instanceof GitError && error.code === 'nested-needed') return openWorkTree(cwd);
    throw error;
  }
}

function nestedNeeded(folder: string, ignored: boolean): GitError {
  const why = ignored
    ? "ComfyUI's own repository ignores its folder of saved workflows"
    : 'this ComfyUI is in no git repository';
  return new GitError('nested-needed', `${why}: ${folder}`, {
    hint: 'make that folder a repository of its own, with a first commit: git comfy init --nested',
  });
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
