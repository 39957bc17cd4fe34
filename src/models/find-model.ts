import { type Stats, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Digest } from '../lock/entries.js';
import type { FileHash } from './file-hash.js';
import { readHints } from './hints.js';
import { isLooselyNamed, looseHits } from './loose-names.js';
import { isPart } from './part-name.js';

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

/** Files below roots that were listed already, for looking up many names. */
export type ListedRoots = Map<string, readonly string[]>;

/**
 * The file (or, for `diffusers`, the folder) that ComfyUI would load for a name: the first root that has it, symlinks followed.
 */
export async function resolve(
  folder: string,
  name: string,
  folders: ModelFolders,
  listed: ListedRoots = new Map(),
): Promise<string | undefined> {
  return (await resolveAll(folder, name, folders, listed))[0];
}

/** As `resolve`, and after it the files of the same name that it hides in later roots, or that may be meant as well. */
export async function resolveAll(
  folder: string,
  name: string,
  folders: ModelFolders,
  listed: ListedRoots = new Map(),
): Promise<string[]> {
  const safe = safeName(name);
  if (safe === undefined) return [];
  const type = currentFolderName(folder);
  const found: string[] = [];
  for (const root of folders.get(type) ?? []) {
    if (isLooselyNamed(type, safe)) found.push(...(await looselyIn(root, type, safe, listed)));
    else found.push(...(await inRoot(root, safe, type)));
  }
  return found;
}

async function inRoot(root: string, name: string, type: string): Promise<string[]> {
  const info = statNow(join(root, name));
  if (info?.isFile() === true || (type === 'diffusers' && info?.isDirectory() === true)) return [join(root, name)];
  const path = type === 'vae_approx' && posix.extname(name) === '' ? await withAnyExtension(root, name) : undefined;
  return path === undefined ? [] : [path];
}

/** Asked of hundreds of names at a time, each answered in microseconds; on another thread it would be ten times that. */
function statNow(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A name that no file can have, a link to itself, a folder that may not be looked into.
    return undefined;
  }
}

async function looselyIn(root: string, type: string, name: string, listed: ListedRoots): Promise<string[]> {
  const files = listed.get(root) ?? (await namesBelow(root));
  listed.set(root, files);
  return looseHits(type, name, files).map((file) => join(root, file));
}

async function namesBelow(root: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of filesBelow(root)) names.push(name);
  return names;
}

/** Tiny autoencoders are named without extension, and the first file of that stem is used (nodes.py, VAELoader). */
async function withAnyExtension(root: string, name: string): Promise<string | undefined> {
  const names = await readdir(join(root, posix.dirname(name))).catch(() => [] as string[]);
  const hit = names.sort().find((file) => file.startsWith(`${posix.basename(name)}.`));
  return hit === undefined ? undefined : join(root, posix.dirname(name), hit);
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

/** Every file below the roots of one folder type, as ComfyUI lists them: recursive, links followed, `.git` left out; downloads too. */
export async function* listModels(folder: string, folders: ModelFolders): AsyncGenerator<ListedModel> {
  for (const root of folders.get(currentFolderName(folder)) ?? []) {
    for await (const { name, size } of filesBelow(root)) yield { folder, name, path: join(root, name), size };
  }
}

async function* filesBelow(root: string): AsyncGenerator<{ readonly name: string; readonly size: number }> {
  let left = maxFiles;
  const waiting: { at: string; depth: number }[] = [{ at: '', depth: 0 }];
  for (let next = waiting.pop(); next !== undefined && left > 0; next = waiting.pop()) {
    for (const entry of await readdir(join(root, next.at)).catch(() => [] as string[])) {
      if (isPart(entry)) continue;
      const name = next.at === '' ? entry : `${next.at}/${entry}`;
      const info = await stat(join(root, name)).catch(() => undefined);
      if (info?.isDirectory() === true && entry !== '.git' && next.depth < maxDepth) {
        waiting.push({ at: name, depth: next.depth + 1 });
      } else if (info?.isFile() === true && left-- > 0) yield { name, size: info.size };
    }
  }
}

export interface Sought {
  readonly digest: Digest;
  /** Only files of this size are read. */
  readonly size: number;
  /** Looked through first. */
  readonly folder: string;
  /** Where it is known, only files with this sample are read whole. */
  readonly sample?: string | undefined;
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
    for (const file of await likelyFirst(folder, folders, sought)) {
      if ((await hash(file.path))?.digest === sought.digest) return file;
    }
  }
  return undefined;
}

/** Files of that size, first those beside which it is said that they are it: a hint saves reading others, and proves nothing. */
async function likelyFirst(folder: string, folders: ModelFolders, sought: Sought): Promise<ListedModel[]> {
  const [hinted, others]: [ListedModel[], ListedModel[]] = [[], []];
  for await (const file of listModels(folder, folders)) {
    if (file.size !== sought.size || (await isSurelyOther(file.path, sought))) continue;
    const hints = await readHints(file.path);
    (hints.some(({ digests }) => digests.includes(sought.digest)) ? hinted : others).push(file);
  }
  return [...hinted, ...others];
}

/** Fine-tunes of one model all have its size, and there may be dozens of them. */
async function isSurelyOther(path: string, { sample }: Sought): Promise<boolean> {
  if (sample === undefined) return false;
  const { quickSample } = await import('./quick-sample.js');
  // A file that cannot be read is for `hash` to tell of.
  const found = await quickSample(path).catch(() => undefined);
  return found !== undefined && found !== sample;
}
