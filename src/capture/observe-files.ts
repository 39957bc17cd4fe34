import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from '../comfyui/installation.js';
import { folderFiles, treeDigest } from '../comfyui/tree-digest.js';
import type { InputEntry, ModelEntry } from '../lock/entries.js';
import { splitModelKey } from '../lock/model-words.js';
import { resolve, safeName } from '../models/find-model.js';
import { type HashModelsOptions, hashModels } from '../models/hash-models.js';

/**
 * Models by key, as they are on disk. What there was no time to hash is `unhashed` with its size, what is in no folder `missing`.
 */
export async function observeModels(
  keys: Iterable<string>,
  installation: Installation,
  options: HashModelsOptions,
): Promise<Map<string, ModelEntry>> {
  const paths = new Map<string, string>();
  const entries = new Map<string, ModelEntry>();
  for (const key of keys) {
    const { folder, name } = splitModelKey(key);
    const path = await resolve(folder, name, installation.modelFolders);
    if (path === undefined) entries.set(key, { digest: 'missing' });
    else if (folder === 'diffusers') entries.set(key, await observeFolder(path, options));
    else paths.set(key, path);
  }
  const hashed = await hashModels([...paths.values()], options);
  for (const [key, path] of paths) {
    const found = hashed.get(path);
    if (found !== undefined) entries.set(key, 'digest' in found ? found : { digest: 'unhashed', size: found.size });
  }
  return entries;
}

/** A model that is a whole folder: digest of the list of its files. */
async function observeFolder(path: string, options: HashModelsOptions): Promise<ModelEntry> {
  const files = options.budgetMs === undefined ? await folderFiles(path) : undefined;
  return { digest: files === undefined ? 'unhashed' : await treeDigest(path, files) };
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
  for (const key of keys) {
    const path = inputPath(key, installation);
    const info = path === undefined ? undefined : await stat(path).catch(() => undefined);
    if (path === undefined || info?.isFile() !== true) entries.set(key, { digest: 'missing' });
    else {
      const { budgetMs, ...unlimited } = options;
      const found = (await hashModels([path], info.size <= smallInput ? unlimited : options)).get(path);
      if (found !== undefined && 'digest' in found) entries.set(key, { digest: found.digest });
    }
  }
  return entries;
}

/** Where the file of an input key is; `undefined` for a name that leaves its folder. */
function inputPath(key: string, installation: Pick<Installation, 'input' | 'output'>): string | undefined {
  const [, name = key, folder] = /^(.*) \[(output)\]$/s.exec(key) ?? [];
  const safe = safeName(name);
  return safe === undefined ? undefined : join(folder === 'output' ? installation.output : installation.input, safe);
}
