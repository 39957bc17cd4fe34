import { byCodePoint, isArray, isObject, type Json, type JsonObject, toDouble, writeJson } from './json.js';

/** One graph of a workflow: the root, or the body of a subgraph definition. */
export interface NamedGraph {
  /** `undefined` for the root; else the definition's id, made unique where it is missing or stands twice. */
  readonly key: string | undefined;
  readonly graph: JsonObject;
}

/** The root first, then every definition in the order of the file; definitions inside definitions included. */
export function graphsOf(workflow: JsonObject): NamedGraph[] {
  const bodies = definitionsOf(workflow);
  const keys = uniqueKeys(bodies.map((body) => text(body.get('id'))));
  return [{ key: undefined, graph: workflow }, ...bodies.map((graph, at) => ({ key: keys[at] ?? '', graph }))];
}

function definitionsOf(graph: JsonObject): JsonObject[] {
  const definitions = graph.get('definitions');
  const subgraphs = isObject(definitions) ? definitions.get('subgraphs') : undefined;
  return isArray(subgraphs) ? subgraphs.filter(isObject).flatMap((body) => [body, ...definitionsOf(body)]) : [];
}

/** The workflow with every graph, the root and all definitions, replaced by what `change` makes of it. */
export function mapGraphs(
  workflow: JsonObject,
  change: (graph: JsonObject, key: string | undefined) => JsonObject,
): JsonObject {
  const made = new Map(graphsOf(workflow).map(({ key, graph }) => [graph, change(graph, key)] as const));
  const rebuilt = (graph: JsonObject): JsonObject => {
    const now = made.get(graph) ?? graph;
    const definitions = graph.get('definitions');
    if (!isObject(definitions)) return now;
    const subgraphs = definitions.get('subgraphs');
    if (!isArray(subgraphs)) return now;
    const bodies = subgraphs.map((body) => (isObject(body) ? rebuilt(body) : body));
    return new Map(now).set('definitions', new Map(definitions).set('subgraphs', bodies));
  };
  return rebuilt(workflow);
}

/** The graph's nodes in file order; anything that is no object is not a node. */
export const nodesOf = (graph: JsonObject): JsonObject[] => objectsOf(graph.get('nodes'));

/** The objects of a list, in order; empty for what is no list. */
export const objectsOf = (list: Json | undefined): JsonObject[] => (isArray(list) ? list.filter(isObject) : []);

/** What a layout calls each node: its id as JSON text, made unique where a file holds an id twice. */
export const nodeKeys = (nodes: readonly JsonObject[]): string[] => uniqueKeys(nodes.map((node) => idOf(node)));

/** What a layout calls each slot: its name, made unique. */
export const slotKeys = (slots: readonly JsonObject[]): string[] =>
  uniqueKeys(slots.map((slot) => text(slot.get('name'))));

/** What a layout calls each group: its id, or its title in files older than group ids. */
export const groupKeys = (groups: readonly JsonObject[]): string[] =>
  uniqueKeys(groups.map((group) => (group.has('id') ? `#${idOf(group)}` : text(group.get('title')))));

const idOf = (object: JsonObject) => writeJson(object.get('id') ?? null);

const text = (value: Json | undefined) => (typeof value === 'string' ? value : writeJson(value ?? null));

/** The names, each later copy of one with as many `'` as it takes to be the first of its kind; after many copies, with a number. */
export function uniqueKeys(names: readonly string[]): string[] {
  const seen = new Set<string>();
  const copies = new Map<string, number>();
  return names.map((name) => {
    let key = name;
    for (let copy = copies.get(name) ?? 0; seen.has(key); ) {
      copy++;
      key = copy <= mostMarks ? name + "'".repeat(copy) : `${name}'${copy}`;
      copies.set(name, copy);
    }
    seen.add(key);
    return key;
  });
}

/** Thousands of copies stand in hostile files only, and there the marks would take more room than the file. */
const mostMarks = 64;

/** Numbers before texts, numbers by value, texts by code point; a text that spells a whole number counts as one. */
export function compareIds(a: Json | undefined, b: Json | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [numericId(a), numericId(b)];
  if (left !== undefined && right !== undefined && left !== right) return left - right;
  if ((left === undefined) !== (right === undefined)) return left === undefined ? 1 : -1;
  return byCodePoint(writeJson(a ?? null), writeJson(b ?? null));
}

function numericId(id: Json | undefined): number | undefined {
  if (typeof id === 'string') return /^-?\d{1,15}$/.test(id) ? Number(id) : undefined;
  const number = toDouble(id);
  // `NaN` and what is beyond all doubles cannot be compared as numbers.
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** How an id reads to JavaScript, where `3` and `"3"` are the same key; ends of links are compared by it. */
export const looseId = (id: Json | undefined): string => (typeof id === 'string' ? id : writeJson(id ?? null));
