import { lstat, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { Digest } from '../../lock/entries.js';
import { modelWords, splitModelKey } from '../../lock/model-words.js';
import { currentFolderName, type ModelFolders, safeName } from '../../models/find-model.js';
import { isPlaceholder } from '../../models/left-parts.js';
import { partFolder } from '../../models/part-folder.js';
import { type Obstacle, obstacle } from './steps.js';

export interface Place {
  /** Below one of the folders that ComfyUI looks through for this type. */
  readonly path: string;
  /** Where it lies until it is finished. */
  readonly folder: string;
  readonly name: string;
  /** Another file has the locked name; this is one beside it. */
  readonly beside: boolean;
}

/** What a model is to hold. */
export interface Content {
  readonly digest: Digest;
  readonly size?: number | undefined;
}

/** Endings of files that ComfyUI loads as models; the second group are pickles, and can hold code. */
const harmless = ['safetensors', 'sft', 'gguf', 'onnx'];
const pickles = ['ckpt', 'pt', 'pt2', 'pth', 'bin', 'pkl'];

export type FileKind = 'model' | 'pickle' | 'other';

/** What a file may be, by its name. */
export function fileKind(name: string): FileKind {
  const ending = posix.extname(name).slice(1).toLowerCase();
  if (harmless.includes(ending)) return 'model';
  return pickles.includes(ending) ? 'pickle' : 'other';
}

/**
 * Where a model goes, under its own name or, where another file has that, under one with a part of its digest in it. The key came from a
 * lock that may be anybody's: nothing outside the folders of its type is ever named.
 * @param like a file whose ending the name gets where it has none, and whose root it shares
 */
export async function placeModel(
  key: string,
  content: Content,
  folders: ModelFolders,
  like: string,
): Promise<Place | Obstacle> {
  const { folder, name: raw } = splitModelKey(key);
  const name = safeName(raw);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a name with them is no name that a person gave
  if (name === undefined || /[\u0000-\u001f\u007f]/.test(raw)) {
    return obstacle(key, 'unsafe-name', `${modelWords(key)}: the name leads out of its folder`);
  }
  const roots = folder === 'custom_nodes' ? undefined : folders.get(currentFolderName(folder));
  if (roots === undefined || roots.length === 0) {
    return obstacle(key, 'no-such-folder', `${modelWords(key)}: ComfyUI has no folder for "${folder}" here`);
  }
  const root = (await rootFor(roots, like)) ?? '';
  const full = fileKind(name) === 'other' && fileKind(like) !== 'other' ? name + posix.extname(like) : name;
  for (const candidate of [full, besideName(full, content.digest)]) {
    const path = join(root, candidate);
    const place = {
      path,
      folder: await partFolder(root, path),
      name: `${folder}/${candidate}`,
      beside: candidate !== full,
    };
    // In every root: ComfyUI would find the other file first, or the other file would be found no more.
    const taken = await Promise.all(roots.map((other) => isTaken(join(other, candidate))));
    if (await isPlaceholder(path, { ...content, folder: place.folder })) taken[roots.indexOf(root)] = false;
    if (!taken.includes(true)) return place;
  }
  return obstacle(key, 'name-taken', `${modelWords(key)}: other files have its name`, `move ${join(root, full)} away`);
}

/** `dream.1a2b3c4d5e6f.safetensors`: ComfyUI lists it, and verify and reproduce find it by its content. */
function besideName(name: string, digest: Digest): string {
  const ending = posix.extname(name);
  return `${name.slice(0, name.length - ending.length)}.${digest.slice('sha256:'.length, 'sha256:'.length + 12)}${ending}`;
}

/** The root that a file is in, else the first one that there is, else the first. */
async function rootFor(roots: readonly string[], like: string): Promise<string | undefined> {
  const same = roots.find((root) => like.startsWith(join(root, '/')));
  if (same !== undefined) return same;
  for (const root of roots) if ((await stat(root).catch(() => undefined))?.isDirectory() === true) return root;
  return roots[0];
}

/** A link that leads nowhere has its name, too. */
async function isTaken(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

/** Every folder in which something may lie that is to be one of these models. */
export function downloadFolders(keys: Iterable<string>, folders: ModelFolders): Set<string> {
  const found = new Set([...folders.values()].flat());
  for (const { folder, name: raw } of [...keys].map(splitModelKey)) {
    const name = safeName(raw);
    if (name === undefined) continue;
    for (const root of folders.get(currentFolderName(folder)) ?? []) found.add(dirname(join(root, name)));
  }
  return found;
}
