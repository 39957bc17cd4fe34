import type { ObjectInfo } from './interfaces.js';
import { isObject, type Json } from './json.js';
import { hasModelExtension, isNoFile } from './model-inputs.js';

/** What a server says of itself, where there is one. */
export interface ServerFolders {
  readonly info?: ObjectInfo | undefined;
  /** Files by folder, as `/models/<folder>` lists them. */
  readonly folders?: ReadonlyMap<string, readonly string[]> | undefined;
}

export const slashes = (name: string) => name.replaceAll('\\', '/');

/** The folder whose files are the choices of this input, else the only folder that lists the value. */
export function listedFolder(
  classType: string,
  input: string,
  value: string,
  { info, folders }: ServerFolders,
): string | undefined {
  if (folders === undefined) return undefined;
  const lists = [...folders].filter(([, files]) => files.length > 0);
  return madeOf(lists, choicesOf(info, classType, input), value) ?? onlyHolder(lists, value);
}

type Lists = readonly (readonly [string, readonly string[]])[];

/** Of folders inside each other's lists the one that explains most choices is meant. What is in no list and has no extension is no file. */
function madeOf(lists: Lists, offered: ReadonlySet<string>, value: string): string | undefined {
  if (offered.size === 0) return undefined;
  const made = lists.filter(([, files]) => files.every((file) => offered.has(slashes(file))));
  const [most] = made.toSorted(([, a], [, b]) => b.length - a.length);
  if (most === undefined) return undefined;
  const named = slashes(value);
  return hasModelExtension(value) || most[1].some((file) => slashes(file) === named) ? most[0] : undefined;
}

function choicesOf(info: ObjectInfo | undefined, classType: string, input: string): ReadonlySet<string> {
  const spec = info?.get(classType)?.inputs.find(({ name }) => name === input);
  return new Set((spec?.choices ?? []).flatMap(fileNames));
}

const fileNames = (choice: Json): string[] => {
  const name = isObject(choice) ? choice.get('content') : choice;
  return typeof name === 'string' && !isNoFile(name) ? [slashes(name)] : [];
};

/** Case decides only where nothing is spelled exactly so: a file system may not tell them apart. */
function onlyHolder(lists: Lists, value: string): string | undefined {
  if (!hasModelExtension(value)) return undefined;
  const named = slashes(value);
  const exact = lists.filter(([, files]) => files.some((file) => slashes(file) === named));
  if (exact.length > 0) return exact.length === 1 ? exact[0]?.[0] : undefined;
  const lower = named.toLowerCase();
  const similar = lists.filter(([, files]) => files.some((file) => slashes(file).toLowerCase() === lower));
  return similar.length === 1 ? similar[0]?.[0] : undefined;
}

/**
 * Whether a pack's class lets people choose from a list of files, of whatever extension: then only the lists of the folders tell which
 * of them it is.
 */
export function offersFiles(info: ObjectInfo | undefined, classes: Iterable<string>): boolean {
  return [...classes].some((classType) => {
    const known = info?.get(classType);
    if (known?.pythonModule?.startsWith('custom_nodes.') !== true) return false;
    return known.inputs.some(({ choices = [] }) =>
      choices.flatMap(fileNames).some((name) => /\.[a-z]\w{1,11}$/i.test(name)),
    );
  });
}
