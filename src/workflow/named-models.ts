import type { Workflow } from './graph.js';
import { objectsOf } from './graphs.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { textOf } from './slot-shapes.js';

/** What a file itself says of a model: where it may be had, and what it should be. Nobody vouches for it. */
export interface NamedModel {
  readonly name: string;
  /** Folder under `models`. */
  readonly directory: string | undefined;
  /** https, without what may be a token. */
  readonly url: string | undefined;
  /** 64 hex digits. */
  readonly sha256: string | undefined;
}

/** Entries of one file that are read; the largest seen have some tens. */
const mostEntries = 1000;

/** `models` of the file and `properties.models` of its nodes, those inside subgraphs too, by name of the file without folders. */
export function namedModels({ source, root, definitions }: Workflow): ReadonlyMap<string, readonly NamedModel[]> {
  const nodes = [root, ...definitions.values()].flatMap((graph) => [...graph.nodes.values()]);
  const lists = [source.get('models'), ...nodes.map(({ properties }) => properties.get('models'))];
  const byName = new Map<string, NamedModel[]>();
  for (const entry of lists.flatMap(entriesOf).slice(0, mostEntries)) {
    const model = readEntry(entry);
    if (model !== undefined) byName.set(model.name, [...(byName.get(model.name) ?? []), model]);
  }
  return byName;
}

const entriesOf = (list: Json | undefined) => objectsOf(list);

function readEntry(entry: JsonObject): NamedModel | undefined {
  const name = textOf(entry.get('name'))?.split(/[\\/]/).at(-1);
  if (!isObject(entry) || name === undefined || name === '') return undefined;
  const hash = textOf(entry.get('hash')) ?? '';
  const isSha256 = /^sha-?256$/i.test(textOf(entry.get('hash_type')) ?? 'sha256') && /^[0-9a-f]{64}$/i.test(hash);
  const directory = textOf(entry.get('directory'));
  return {
    name,
    directory: directory !== undefined && /^[\w-]{1,64}$/.test(directory) ? directory : undefined,
    url: publicAddress(textOf(entry.get('url'))),
    sha256: isSha256 ? hash.toLowerCase() : undefined,
  };
}

/** Parts of a query that choose a file of a Civitai model; anything else may be a token, or says how to show it. */
const harmless: ReadonlySet<string> = new Set(['type', 'format', 'size', 'fp']);

function publicAddress(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2048 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:') return undefined;
  url.username = '';
  url.password = '';
  url.hash = '';
  for (const key of [...url.searchParams.keys()]) if (!harmless.has(key)) url.searchParams.delete(key);
  return url.href;
}

/** The entry that means a file: of several with its name the one of its folder. */
export function namedAs(
  named: ReadonlyMap<string, readonly NamedModel[]>,
  folder: string | undefined,
  name: string,
): NamedModel | undefined {
  const entries = named.get(name.slice(name.lastIndexOf('/') + 1)) ?? [];
  return entries.find(({ directory }) => directory === folder) ?? entries[0];
}
