import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from '../comfyui/installation.js';
import type { InputEntry, ModelEntry } from '../lock/entries.js';
import { splitModelKey } from '../lock/model-words.js';
import type { Unhashed } from '../models/file-hash.js';
import { resolve, safeName } from '../models/find-model.js';
import { type HashModelsOptions, hashModels } from '../models/hash-models.js';
import { folderEntry, type ModelFolder, pathsOf, readModelFolder } from './observe-model-folder.js';

/**
 * Models by key, as they are on disk. What there was no time to hash is `unhashed` with its size, what is in no folder `missing`.
 */
export async function observeModels(
  keys: Iterable<string>,
  installation: Installation,
  options: HashModelsOptions,
): Promise<Map<string, ModelEntry>> {
  const paths = new Map<string, string>();
  const folders = new Map<string, ModelFolder>();
  const entries = new Map<string, ModelEntry>();
  for (const key of keys) {
    const { folder, name } = splitModelKey(key);
    const path = await resolve(folder, name, installation.modelFolders);
    if (path === undefined) entries.set(key, { digest: 'missing' });
    else if (folder === 'diffusers') folders.set(key, await readModelFolder(path));
    else paths.set(key, path);
  }
  const all = [...paths.values(), ...[...folders.values()].flatMap(pathsOf)];
  const hashed = await hashModels(all, options);
  for (const [key, folder] of folders) entries.set(key, folderEntry(folder, hashed));
  for (const [key, path] of paths) {
    const found = hashed.get(path);
    if (found !== undefined) entries.set(key, 'digest' in found ? found : unhashedEntry(found));
  }
  return entries;
}

const unhashedEntry = ({ size, alike }: Unhashed): ModelEntry => ({
  digest: 'unhashed',
  size,
  ...(alike === undefined ? {} : { alike }),
});

/** Frames of a video, or pictures to learn from: all of them are the input. */
async function observeInputFolder(path: string, options: HashModelsOptions): Promise<InputEntry> {
  const folder = await readModelFolder(path);
  return { digest: folderEntry(folder, await hashModels(pathsOf(folder), options)).digest };
}

/** Inputs are small next to models and are hashed whatever the time; but for those above this, which wait like models. */
const smallInput = 256 * 1024 * 1024;

/** Inputs by key (`name`, or `name [output]`), as they are on disk. One that there was no time for is left out. */
export async function observeInputs(
  keys: Iterable<string>,
  installation: Installation,
  options: HashModelsOptions,
): Promise<Map<string, InputEntry>> {
  const entries = new Map<string, InputEntry>();
  const files = new Map<string, { readonly path: string; readonly small: boolean }>();
  for (const key of keys) {
    const path = inputPath(key, installation);
    const info = path === undefined ? undefined : await stat(path).catch(() => undefined);
    if (path !== undefined && info?.isDirectory() === true) entries.set(key, await observeInputFolder(path, options));
    else if (path === undefined || info?.isFile() !== true) entries.set(key, { digest: 'missing' });
    else files.set(key, { path, small: info.size <= smallInput });
  }
  const { budgetMs: _, ...unlimited } = options;
  const pathsWhere = (small: boolean) =>
    [...files.values()].filter((file) => file.small === small).map(({ path }) => path);
  const hashed = new Map([
    ...(await hashModels(pathsWhere(true), unlimited)),
    ...(await hashModels(pathsWhere(false), options)),
  ]);
  for (const [key, { path }] of files) {
    const found = hashed.get(path);
    if (found !== undefined && 'digest' in found) entries.set(key, { digest: found.digest });
  }
  return entries;
}

/** Where the file of an input key is; `undefined` for a name that leaves its folder. */
function inputPath(key: string, installation: Pick<Installation, 'input' | 'output'>): string | undefined {
  const [, name = key, folder] = /^(.*) \[(output)\]$/s.exec(key) ?? [];
  const safe = safeName(name);
  return safe === undefined ? undefined : join(folder === 'output' ? installation.output : installation.input, safe);
}
