import { compareIds, looseId, nodesOf } from './graphs.js';
import { isArray, isObject, type Json, type JsonObject } from './json.js';

/**
 * Nodes or groups by id. Where an id is missing or stands twice the file order is all that tells them apart, and they keep it.
 */
export const byId = (items: readonly JsonObject[]): JsonObject[] =>
  haveDistinctIds(items) ? items.toSorted((a, b) => compareIds(a.get('id'), b.get('id'))) : [...items];

/** Whether each has an id of its own, by which the normal form sorts them. */
export function haveDistinctIds(items: readonly JsonObject[]): boolean {
  const ids = new Set(items.map((item) => looseId(item.get('id'))));
  return ids.size === items.length && items.every((item) => item.has('id'));
}

/** Links by id; those that share an id, or are no links at all, stay in file order among themselves. */
export const linksById = (links: readonly Json[]): Json[] => links.toSorted((a, b) => compareIds(linkId(a), linkId(b)));

const linkId = (link: Json) => (isArray(link) ? link[0] : isObject(link) ? link.get('id') : undefined);

/**
 * The graphs whose nodes have to stay in file order: the frontend gives inner nodes whose ids are taken by another graph new ones,
 * in the order of the file, and those are the ids of the prompt. The root's ids always win.
 */
export function collidingGraphs(graphs: readonly JsonObject[]): ReadonlySet<JsonObject> {
  const colliding = new Set<JsonObject>();
  if (graphs.length < 2) return colliding;
  const owner = new Map<string, JsonObject>();
  const [root] = graphs;
  for (const graph of graphs) {
    for (const node of nodesOf(graph)) {
      const id = looseId(node.get('id'));
      const other = owner.get(id);
      if (other === undefined) owner.set(id, graph);
      else for (const one of [graph, other]) if (one !== root) colliding.add(one);
    }
  }
  return colliding;
}
