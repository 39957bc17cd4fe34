import { unknownFolder } from './model-needs.js';
import { splitModelKey } from './model-words.js';

/**
 * Names of models by folder, from keys of a lock or state: tells the folder of a name that only a pack's node loads, where no server is there to ask.
 */
export function foldersOfKeys(keys: Iterable<string>): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const key of keys) {
    const { folder, name } = splitModelKey(key);
    if (folder !== unknownFolder) folders.set(folder, [...(folders.get(folder) ?? []), name]);
  }
  return folders;
}
