import { byCodePoint, canonicalJson, isArray, isObject, type Json, type JsonObject } from './json.js';
import { idText } from './slot-shapes.js';

/** One value as three versions have it; `undefined` where a version does not have it. */
export interface Sides {
  readonly base: Json | undefined;
  readonly ours: Json | undefined;
  readonly theirs: Json | undefined;
}

/** Keys and ids that lead to a value; what both sides changed is noted by its path. */
export interface Merging {
  readonly path: readonly string[];
  readonly conflicts: string[];
}

/** How the entries of a list are known, by the list's key; lists that are not named here are taken whole. */
const listKeys: Readonly<Record<string, (entry: Json) => string | undefined>> = {
  nodes: (entry) => (isObject(entry) ? idText(entry.get('id')) : undefined),
  links: (entry) => idText(isArray(entry) ? entry[0] : isObject(entry) ? entry.get('id') : undefined),
  subgraphs: (entry) => (isObject(entry) ? idText(entry.get('id')) : undefined),
  inputs: (entry) => (isObject(entry) ? idText(entry.get('name')) : undefined),
};

/** Counters: the higher one, so that no id is given twice. */
const counters: ReadonlySet<string> = new Set([
  ...['last_node_id', 'last_link_id'],
  ...['lastNodeId', 'lastLinkId', 'lastGroupId', 'lastRerouteId'],
]);

/** Lists of which each place has its own meaning while their length is the same. */
const positional: ReadonlySet<string> = new Set(['widgets_values', 'outputs']);

/** The three-way merge of one value; where both sides changed it differently, ours, and a conflict is noted. */
export function mergeValue(sides: Sides, merging: Merging): Json | undefined {
  const { base, ours, theirs } = sides;
  const key = merging.path.at(-1) ?? '';
  if (same(ours, theirs) || same(base, theirs)) return ours;
  if (same(base, ours)) return theirs;
  if (counters.has(key)) return higher(ours, theirs);
  // What both sides added under one id is not one thing that two people edited.
  if (isObject(base) && isObject(ours) && isObject(theirs)) return mergeObjects(base, ours, theirs, merging);
  if (isArray(base) && isArray(ours) && isArray(theirs)) return mergeLists(base, ours, theirs, merging);
  merging.conflicts.push(merging.path.join(' ') || 'everything');
  return ours;
}

const same = (a: Json | undefined, b: Json | undefined) =>
  a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b);

const below = ({ path, conflicts }: Merging, key: string): Merging => ({ path: [...path, key], conflicts });

function mergeObjects(base: JsonObject, ours: JsonObject, theirs: JsonObject, merging: Merging): JsonObject {
  const merged: JsonObject = new Map();
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const sides = { base: base.get(key), ours: ours.get(key), theirs: theirs.get(key) };
    const value = mergeValue(sides, below(merging, key));
    if (value !== undefined) merged.set(key, value);
  }
  return merged;
}

function mergeLists(before: Json[], ours: Json[], theirs: Json[], merging: Merging): Json {
  const key = merging.path.at(-1) ?? '';
  const entryKey = listKeys[key];
  const entries = entryKey === undefined ? undefined : [before, ours, theirs].map((list) => keyed(list, entryKey));
  const [b, o, t] = entries ?? [];
  if (b !== undefined && o !== undefined && t !== undefined) return [...mergeObjects(b, o, t, merging).values()];
  if (positional.has(key) && before.length === ours.length && ours.length === theirs.length) {
    return ours.map((value, at) => {
      const sides = { base: before[at], ours: value, theirs: theirs[at] };
      return mergeValue(sides, below(merging, String(at))) ?? null;
    });
  }
  merging.conflicts.push(merging.path.join(' ') || 'everything');
  return ours;
}

/** `undefined` where an entry has no key, or two have the same one: then nobody can tell which is which. */
function keyed(list: readonly Json[], keyOf: (entry: Json) => string | undefined): JsonObject | undefined {
  const entries: JsonObject = new Map();
  for (const entry of list) {
    const key = keyOf(entry);
    if (key === undefined || entries.has(key)) return undefined;
    entries.set(key, entry);
  }
  return entries;
}

/** Ids may be texts of any length; of numbers the longer is the higher. */
function higher(a: Json | undefined, b: Json | undefined): Json | undefined {
  const [x, y] = [idText(a) ?? '', idText(b) ?? ''];
  return x.length === y.length ? (byCodePoint(x, y) >= 0 ? a : b) : x.length > y.length ? a : b;
}
