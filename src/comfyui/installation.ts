import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { InputError } from '../errors.js';
import { extraModelFolders } from './extra-model-paths.js';
import { defaultModelFolders, mergeFolders } from './model-folders.js';

/** A ComfyUI on this machine's disk. All paths are absolute. */
export interface Installation {
  /** Where `main.py` and `.git` are; absent where only the server told of its folders, and they are apart (`--base-directory`). */
  readonly root?: string;
  /** By folder type, each list in the order in which ComfyUI tries it. */
  readonly modelFolders: ReadonlyMap<string, readonly string[]>;
  readonly input: string;
  readonly output: string;
  readonly temp: string;
  readonly customNodes: readonly string[];
}

export interface WhereToLook {
  /** Walked up from. */
  readonly cwd: string;
  /** `comfy.directory` of git config. */
  readonly configured?: string | undefined;
  /** What the server answered on `/internal/folder_paths`; used where those folders are on this machine. */
  readonly serverFolders?: ReadonlyMap<string, readonly string[]> | undefined;
  /** First of the server's own arguments: `main.py` as it was started; a path that is not absolute says nothing here. */
  readonly main?: string | undefined;
  /** For `~` and `$VAR` in `extra_model_paths.yaml`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Finds ComfyUI: the server's own answer, else `comfy.directory`, else the first folder above `cwd` that is one.
 * @throws InputError `comfy-directory` when the configured folder is none; `extra-model-paths` when that file is broken
 */
export async function findInstallation(where: WhereToLook): Promise<Installation | undefined> {
  const root = where.configured === undefined ? await walkUp(where.cwd) : await checked(where.configured);
  const server =
    where.serverFolders === undefined ? undefined : await fromServer(where.serverFolders, root, where.main);
  if (server !== undefined || root === undefined) return server;
  const extra = await extraModelFolders(root, where.env ?? {});
  const output = join(root, 'output');
  const folders = mergeFolders(defaultModelFolders(join(root, 'models'), output), extra);
  return {
    root,
    modelFolders: folders.models,
    input: join(root, 'input'),
    output,
    temp: join(root, 'temp'),
    customNodes: [join(root, 'custom_nodes'), ...folders.customNodes],
  };
}

async function checked(configured: string): Promise<string> {
  if ((await isComfy(configured)) || (await isFolder(join(configured, 'models')))) return configured;
  throw new InputError('comfy-directory', `comfy.directory is ${configured}, and there is no ComfyUI`, {
    hint: 'set it to the folder that holds main.py: git config comfy.directory <folder>',
  });
}

async function walkUp(start: string): Promise<string | undefined> {
  for (let folder = await realpath(start); ; folder = dirname(folder)) {
    if (await isComfy(folder)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

const isComfy = async (folder: string) =>
  (await isFile(join(folder, 'folder_paths.py'))) && (await isFile(join(folder, 'main.py')));

const isFile = async (path: string) => (await stat(path).catch(() => undefined))?.isFile() === true;
const isFolder = async (path: string) => (await stat(path).catch(() => undefined))?.isDirectory() === true;

/** Whether what a server said of its folders is about this machine. */
export async function areHere(folders: ReadonlyMap<string, readonly string[]>): Promise<boolean> {
  const some = ['custom_nodes', 'checkpoints'].flatMap((name) => folders.get(name) ?? []);
  return (await Promise.all(some.map(isFolder))).includes(true);
}

/**
 * The server's folders as they are, if this machine has them. ComfyUI lists `<output>/checkpoints` as the last of the
 * checkpoint folders, and keeps input and temp beside output unless told otherwise.
 */
async function fromServer(
  folders: ReadonlyMap<string, readonly string[]>,
  found: string | undefined,
  main: string | undefined,
): Promise<Installation | undefined> {
  if (!(await areHere(folders))) return undefined;
  const customNodes = folders.get('custom_nodes') ?? [];
  const base = customNodes[0] === undefined ? undefined : dirname(customNodes[0]);
  const outputCheckpoints = folders.get('checkpoints')?.at(-1);
  const output = outputCheckpoints === undefined ? join(base ?? found ?? '', 'output') : dirname(outputCheckpoints);
  if (found === undefined && base === undefined) return undefined;
  const root = found ?? (await firstComfy([base, main !== undefined && isAbsolute(main) ? dirname(main) : undefined]));
  return {
    ...(root === undefined ? {} : { root }),
    modelFolders: new Map([...folders].filter(([name]) => name !== 'custom_nodes')),
    input: join(dirname(output), 'input'),
    output,
    temp: join(dirname(output), 'temp'),
    customNodes,
  };
}

async function firstComfy(folders: readonly (string | undefined)[]): Promise<string | undefined> {
  for (const folder of folders) if (folder !== undefined && (await isComfy(folder))) return folder;
  return undefined;
}
