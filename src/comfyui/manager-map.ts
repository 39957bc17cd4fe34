import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded } from '../files/read.js';
import { isArray, isObject, type Json, tryParseJson } from '../workflow/json.js';
import type { Installation } from './installation.js';
import { sitePackages } from './python-files.js';

/** The map of all packs that ComfyUI-Manager knows has some megabytes. */
const mostBytes = 64 * 1024 * 1024;

const fileName = 'extension-node-map.json';

/**
 * The repositories that ComfyUI-Manager's map names for classes, where the user has one on disk: its newest copy. A list that others keep
 * about packs that need not be here, so a guess. A class that several packs have belongs to none.
 * @returns `https://` address by class
 */
export async function managerMap(
  { root, customNodes }: Pick<Installation, 'root' | 'customNodes'>,
  wanted: readonly string[],
): Promise<Map<string, string>> {
  const path = await newestMap(root, customNodes);
  const bytes = path === undefined ? undefined : await readBounded(path, mostBytes).catch(() => undefined);
  const json = bytes === undefined ? undefined : tryParseJson(bytes.toString('utf8'));
  const owners = new Map<string, Set<string>>();
  for (const [address, entry] of isObject(json) ? json : []) {
    if (!/^https:\/\/[\w.-]+\/[\w./-]+$/.test(address)) continue;
    const names = namesOf(entry);
    for (const name of wanted) if (names.has(name)) owners.set(name, (owners.get(name) ?? new Set()).add(address));
  }
  return new Map(
    [...owners].flatMap(([name, [first, ...more]]) =>
      first !== undefined && more.length === 0 ? [[name, first]] : [],
    ),
  );
}

/** `[[class, ...], {title_aux, ...}]` */
function namesOf(entry: Json): ReadonlySet<Json> {
  const list = isArray(entry) ? entry[0] : undefined;
  return new Set(isArray(list) ? list : []);
}

/** The Manager brings one, as a pack or a package of Python, and keeps newer ones in its cache under a number that says nothing. */
async function newestMap(root: string | undefined, customNodes: readonly string[]): Promise<string | undefined> {
  const users =
    root === undefined
      ? []
      : ['user/default/ComfyUI-Manager/cache', 'user/__manager/cache'].map((name) => join(root, name));
  const packs = customNodes.flatMap((folder) =>
    ['ComfyUI-Manager', 'comfyui-manager'].map((name) => join(folder, name)),
  );
  const sites = root === undefined ? [] : (await sitePackages(root)).map((site) => join(site, 'comfyui_manager'));
  let newest: { readonly path: string; readonly time: number } | undefined;
  for (const folder of [...packs, ...sites, ...users]) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (name !== fileName && !name.endsWith(`_${fileName}`)) continue;
      const path = join(folder, name);
      const info = await stat(path).catch(() => undefined);
      if (info?.isFile() === true && info.mtimeMs > (newest?.time ?? -1)) newest = { path, time: info.mtimeMs };
    }
  }
  return newest?.path;
}
