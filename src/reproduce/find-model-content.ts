import { sep } from 'node:path';
import type { Digest, ModelEntry } from '../lock/entries.js';
import { splitModelKey } from '../lock/model-words.js';
import { currentFolderName, findByDigest, type ListedModel, type ModelFolders, resolve } from '../models/find-model.js';
import { hashModels } from '../models/hash-models.js';
import { budget, type Verifying } from './verifying.js';

export interface FoundContent extends ListedModel {
  /** ComfyUI loads another file under that name, one of a folder that it looks through first. */
  readonly hidden: boolean;
}

/**
 * A file with the content of an entry, in any model folder, its own folder first; one that ComfyUI can load before one that is hidden.
 * `undefined` too where nothing can be looked for: it was never hashed, or no folder is here.
 */
export async function findModelContent(
  key: string,
  { digest, size }: ModelEntry,
  { around, signal, talk, budgetMs }: Verifying,
): Promise<FoundContent | undefined> {
  const folders = around.installation?.modelFolders;
  if (size === undefined || !digest.startsWith('sha256:') || folders === undefined) return undefined;
  const hidden: ListedModel[] = [];
  const hash = async (path: string) => {
    const hashed = (await hashModels([path], { cache: around.cache, signal, talk, ...budget(budgetMs) })).get(path);
    if (hashed === undefined || !('digest' in hashed) || hashed.digest !== digest) return undefined;
    const other = await hiddenBy(path, folders);
    if (other !== undefined) hidden.push(other);
    return other === undefined ? hashed : undefined;
  };
  const wanted = digest as Digest;
  const { folder } = splitModelKey(key);
  const found = await findByDigest(
    { digest: wanted, size, folder, sample: around.cache.sampleOf(wanted) },
    folders,
    hash,
  );
  if (found !== undefined) return { ...found, hidden: false };
  return hidden[0] === undefined ? undefined : { ...hidden[0], size, hidden: true };
}

/** The place of a file whose name leads ComfyUI to another one; `undefined` where it can be loaded. */
async function hiddenBy(path: string, folders: ModelFolders): Promise<ListedModel | undefined> {
  let hidden: ListedModel | undefined;
  for (const [folder, roots] of folders) {
    const root = roots.find((candidate) => path.startsWith(candidate + sep));
    if (root === undefined || folder === 'custom_nodes') continue;
    const name = path.slice(root.length + 1).replaceAll(sep, '/');
    if ((await resolve(folder, name, folders)) === path) return undefined;
    hidden ??= { folder: currentFolderName(folder), name, path, size: 0 };
  }
  return hidden;
}
