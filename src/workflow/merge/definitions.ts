import { graphsOf, nodesOf } from '../graphs.js';
import { isArray, isObject, type JsonObject } from '../json.js';
import { mergedOrder } from './order.js';
import { sameJson } from './same-json.js';
import type { Sides } from './sides.js';

/** The graphs of one version, the root under `undefined`. */
export type Bodies = ReadonlyMap<string | undefined, JsonObject>;

/** `undefined` where definitions have no ids of their own, or stand inside each other: no frontend writes that. */
export function bodiesOf(workflow: JsonObject): Bodies | undefined {
  const graphs = graphsOf(workflow);
  const plain = graphs.every(
    ({ key, graph }) => key === undefined || (graph.get('id') === key && !graph.has('definitions')),
  );
  return plain ? new Map(graphs.map(({ key, graph }) => [key, graph])) : undefined;
}

/** Definitions that differ from the common version, themselves or in what is inside them. */
export function changedDefinitions(base: Bodies | undefined, version: Bodies): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [key, body] of version) {
    const before = base?.get(key);
    if (key !== undefined && (before === undefined || !sameJson(before, body))) changed.add(key);
  }
  for (let before = -1; before !== changed.size; ) {
    before = changed.size;
    for (const [key, body] of version)
      if (key !== undefined && [...typesIn(body)].some((type) => changed.has(type))) changed.add(key);
  }
  return changed;
}

export const typesIn = (body: JsonObject): ReadonlySet<string> =>
  new Set(nodesOf(body).map((node) => String(node.get('type'))));

/** Whether any graph of the version has an instance of the definition. */
export const isUsed = (version: Bodies, key: string): boolean =>
  [...version.values()].some((body) => typesIn(body).has(key));

/**
 * The definitions of the merged workflow, in order: those that its nodes need, and the others as far as neither side took them out.
 * @param bodyOf the merged body, which the root or another definition may ask for first
 */
export function mergeDefinitions(
  versions: Sides<Bodies>,
  root: JsonObject,
  bodyOf: (key: string) => JsonObject | undefined,
): JsonObject[] {
  const keys = ({ base, ours, theirs }: Sides<Bodies>) =>
    mergedOrder(...([base, ours, theirs].map((each) => definitionKeys(each)) as [string[], string[], string[]]));
  const all = keys(versions);
  const needed = new Set<string>();
  const open = [...typesIn(root)];
  for (let type = open.shift(); type !== undefined; type = open.shift()) {
    const body = all.includes(type) && !needed.has(type) ? bodyOf(type) : undefined;
    if (body === undefined) continue;
    needed.add(type);
    open.push(...typesIn(body));
  }
  return all.filter((key) => needed.has(key) || stays(key, versions)).flatMap((key) => bodyOf(key) ?? []);
}

const definitionKeys = (bodies: Bodies | undefined): string[] =>
  [...(bodies?.keys() ?? [])].filter((key) => key !== undefined);

/** Without an instance: both have it; or one side added or edited it although it was of no use there either. */
function stays(key: string, { base, ours, theirs }: Sides<Bodies>): boolean {
  const [a, b] = [ours?.get(key), theirs?.get(key)];
  if (a !== undefined && b !== undefined) return true;
  const holder = a === undefined ? theirs : ours;
  const before = base?.get(key);
  const body = a ?? b;
  const edited = before === undefined || (body !== undefined && !sameJson(before, body));
  return (
    edited &&
    holder !== undefined &&
    !isUsed(holder, key) &&
    (base === undefined || before === undefined || !isUsed(base, key))
  );
}

/** The workflow with these definitions; without any, as `root` says. */
export function withDefinitions(
  root: JsonObject,
  definitions: JsonObject | undefined,
  bodies: readonly JsonObject[],
): JsonObject {
  if (definitions === undefined && bodies.length === 0) return root;
  return new Map(root).set('definitions', new Map(definitions ?? []).set('subgraphs', [...bodies]));
}

/** `definitions` without the subgraphs: members that nobody knows. */
export function definitionFields(workflow: JsonObject): JsonObject | undefined {
  const definitions = workflow.get('definitions');
  if (!isObject(definitions)) return undefined;
  return isArray(definitions.get('subgraphs'))
    ? new Map([...definitions].filter(([key]) => key !== 'subgraphs'))
    : definitions;
}
