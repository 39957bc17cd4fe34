import { type FolderIndex, folderIndex, slashes } from './folder-index.js';
import type { ObjectInfo } from './interfaces.js';
import { isObject, type Json } from './json.js';
import { hasModelExtension, isNoFile } from './model-inputs.js';

/** What a server says of itself, where there is one. */
export interface ServerFolders {
  readonly info?: ObjectInfo | undefined;
  /** Files by folder, as `/models/<folder>` lists them. */
  readonly folders?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** The folder whose files are the choices of this input, else the only folder that lists the value. */
export function listedFolder(
  classType: string,
  input: string,
  value: string,
  { info, folders }: ServerFolders,
): string | undefined {
  if (folders === undefined) return undefined;
  const index = folderIndex(folders);
  return madeOf(index, choicesOf(info, classType, input), slashes(value)) ?? onlyHolder(index, slashes(value));
}

/**
 * Choices hold all files of a folder: of folders inside each other the one that explains most of them is meant. Or they are some files of one folder alone.
 * What is in no list and has no extension is no file.
 */
function madeOf({ lists, holders }: FolderIndex, offered: ReadonlySet<string>, value: string): string | undefined {
  if (offered.size === 0) return undefined;
  const inside = [...lists].filter(
    ([, files]) => files.size <= offered.size && [...files].every((file) => offered.has(file)),
  );
  const [most] = inside.toSorted(([, a], [, b]) => b.size - a.size);
  const folder = most?.[0] ?? onlyCommon([...offered].filter(hasModelExtension).map((name) => holders.get(name)));
  if (folder === undefined) return undefined;
  return hasModelExtension(value) || lists.get(folder)?.has(value) === true ? folder : undefined;
}

/** The one folder that holds all of the files. */
function onlyCommon(holders: readonly (ReadonlySet<string> | undefined)[]): string | undefined {
  const [first, ...others] = holders;
  const common = [...(first ?? [])].filter((folder) => others.every((folders) => folders?.has(folder) === true));
  return common.length === 1 ? common[0] : undefined;
}

function choicesOf(info: ObjectInfo | undefined, classType: string, input: string): ReadonlySet<string> {
  const spec = info?.get(classType)?.inputs.find(({ name }) => name === input);
  return new Set((spec?.choices ?? []).flatMap(fileNames));
}

export const fileNames = (choice: Json): string[] => {
  const name = isObject(choice) ? choice.get('content') : choice;
  return typeof name === 'string' && !isNoFile(name) ? [slashes(name)] : [];
};

/** Case decides only where nothing is spelled exactly so: a file system may not tell them apart. */
function onlyHolder({ holders, similar }: FolderIndex, value: string): string | undefined {
  if (!hasModelExtension(value)) return undefined;
  const found = [...(holders.get(value) ?? similar.get(value.toLowerCase()) ?? [])];
  return found.length === 1 ? found[0] : undefined;
}
