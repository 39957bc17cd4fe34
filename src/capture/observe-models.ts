import type { Installation } from '../comfyui/installation.js';
import { mapAtOnce } from '../files/map-at-once.js';
import type { ModelEntry } from '../lock/entries.js';
import { splitModelKey } from '../lock/model-words.js';
import type { Unhashed } from '../models/file-hash.js';
import { type ListedRoots, resolve } from '../models/find-model.js';
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
  const listed: ListedRoots = new Map();
  const entries = new Map<string, ModelEntry>();
  const found = await mapAtOnce([...keys], async (key) => {
    const { folder, name } = splitModelKey(key);
    return { key, folder, path: await resolve(folder, name, installation.modelFolders, listed) };
  });
  for (const { key, folder, path } of found) {
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
