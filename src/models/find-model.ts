import { opendir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Digest } from '../lock/entries.js';
import type { FileHash } from './hash-file.js';

/** Folders by type (`checkpoints`, `loras` ...), in the order in which ComfyUI tries them. */
export type ModelFolders = ReadonlyMap<string, readonly string[]>;

/** Older names that ComfyUI still maps. */
const legacyNames: Readonly<Record<string, string>> = { clip: 'text_encoders', unet: 'diffusion_models' };

export const currentFolderName = (folder: string) => legacyNames[folder] ?? folder;

/**
 * A name from a workflow as a relative path with `/`; `undefined` if it would leave the folder (`..`, absolute, a drive) or is none.
 */
export function safeName(name: string): string | undefined {
  const path = posix.normalize(name.replaceAll('\\', '/'));
  const leaves =
    path.startsWith('../') || path === '..' || path === '.' || path.startsWith('/') || /^[A-Za-z]:/.test(path);
  return leaves || name === '' || name.includes('\0') ? undefined : path;
}

/**
 * The file (or, for `diffusers`, the folder) that ComfyUI would load for a name: the first root that has it, symlinks followed.
 */
export async function resolve(folder: string, name: string, folders: ModelFolders): Promise<string | undefined> {
  return (await resolveAll(folder, name, folders))[0];
}

/** As `resolve`, and after it the files of the same name that it hides in later roots. */
export async function resolveAll(folder: string, name: string, folders: ModelFolders): Promise<string[]> {
  const safe = safeName(name);
  if (safe === undefined) return [];
  const found: string[] = [];
  for (const root of folders.get(currentFolderName(folder)) ?? []) {
    const path = join(root, safe);
    const info = await stat(path).catch(() => undefined);
    if (info?.isFile() === true || (folder === 'diffusers' && info?.isDirectory() === true)) found.push(path);
  }
  return found;
}

export interface ListedModel {
  readonly folder: string;
  /** Relative to its root, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

/** A folder that holds more than this is not a model folder, whatever the server says. */
const maxFiles = 200_000;
const maxDepth = 16;

/** Every file below the roots of one folder type, as ComfyUI lists them: recursive, links followed, `.git` left out. */
export async function* listModels(folder: string, folders: ModelFolders): AsyncGenerator<ListedModel> {
  let left = maxFiles;
  for (const root of folders.get(currentFolderName(folder)) ?? []) {
    const waiting: { at: string; depth: number }[] = [{ at: '', depth: 0 }];
    for (let next = waiting.pop(); next !== undefined && left > 0; next = waiting.pop()) {
      const entries = await opendir(join(root, next.at)).catch(() => undefined);
      if (entries === undefined) continue;
      for await (const entry of entries) {
        const name = next.at === '' ? entry.name : `${next.at}/${entry.name}`;
        const info = await stat(join(root, name)).catch(() => undefined);
        if (info?.isDirectory() === true && entry.name !== '.git' && next.depth < maxDepth) {
          waiting.push({ at: name, depth: next.depth + 1 });
        } else if (info?.isFile() === true && left-- > 0) {
          yield { folder, name, path: join(root, name), size: info.size };
        }
      }
    }
  }
}

export interface Sought {
  readonly digest: Digest;
  /** Only files of this size are read. */
  readonly size: number;
  /** Looked through first. */
  readonly folder: string;
}

/**
 * A file with the given content under any name in any model folder: how a renamed or moved model is found again.
 * @param hash reads a file through the cache; `undefined` when there is no time for it
 */
export async function findByDigest(
  sought: Sought,
  folders: ModelFolders,
  hash: (path: string) => Promise<FileHash | undefined>,
): Promise<ListedModel | undefined> {
  const own = currentFolderName(sought.folder);
  const others = [...folders.keys()].filter((folder) => folder !== own && folder !== 'custom_nodes');
  for (const folder of [own, ...others]) {
    for await (const file of listModels(folder, folders)) {
      if (file.size !== sought.size) continue;
      if ((await hash(file.path))?.digest === sought.digest) return file;
    }
  }
  return undefined;
}
