import { stat } from 'node:fs/promises';
import type { Installation } from '../comfyui/installation.js';
import { type Difference, difference } from '../lock/drift.js';
import { modelWords, splitModelKey } from '../lock/model-words.js';
import { currentFolderName, type ListedRoots, resolveAll } from '../models/find-model.js';
import { isLooselyNamed } from '../models/loose-names.js';

/**
 * Models of which several files have the name: of those in different roots ComfyUI loads the first, and the others may be what somebody believes to
 * be used; of several that a text may mean (`embedding:name`), nobody can say which. Links to one file are one file.
 */
export async function shadowedModels(
  keys: Iterable<string>,
  { modelFolders }: Pick<Installation, 'modelFolders'>,
): Promise<Difference[]> {
  const roots = await rootsThatAre(modelFolders);
  const listed: ListedRoots = new Map();
  const found: Difference[] = [];
  for (const key of keys) {
    const { folder, name } = splitModelKey(key);
    const loose = isLooselyNamed(folder, name);
    if (!loose && (roots.get(currentFolderName(folder)) ?? []).length < 2) continue;
    const [used, ...hidden] = await distinct(await resolveAll(folder, name, roots, listed));
    if (used === undefined || hidden.length === 0) continue;
    const others = hidden.length === 1 ? hidden[0] : `${hidden[0]} and ${hidden.length - 1} more`;
    const text = loose
      ? `the name may mean ${used}, which is locked, or ${others}`
      : `ComfyUI loads ${used}, which hides ${others}`;
    found.push(difference(loose ? 'model-ambiguous' : 'model-shadowed', key, `${modelWords(key)}: ${text}`));
  }
  return found;
}

/** Most of the roots that ComfyUI looks through were never made. */
async function rootsThatAre(folders: Installation['modelFolders']): Promise<Map<string, string[]>> {
  const known = new Map<string, boolean>();
  const there = new Map<string, string[]>();
  for (const [type, roots] of folders) {
    const kept: string[] = [];
    for (const root of roots) {
      const is = known.get(root) ?? (await stat(root).catch(() => undefined)) !== undefined;
      known.set(root, is);
      if (is) kept.push(root);
    }
    there.set(type, kept);
  }
  return there;
}

async function distinct(paths: readonly string[]): Promise<string[]> {
  const byFile = new Map<string, string>();
  for (const path of paths) {
    const info = await stat(path, { bigint: true }).catch(() => undefined);
    // Windows may give no inode.
    const file = info === undefined || info.ino === 0n ? path : `${info.dev}:${info.ino}`;
    if (!byFile.has(file)) byFile.set(file, path);
  }
  return [...byFile.values()];
}
