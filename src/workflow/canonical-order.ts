import { compareIds, looseId, nodesOf } from './graphs.js';
import { isArray, isObject, type Json, type JsonObject } from './json.js';

/**
 * Sorted by id. Where an id is missing or stands twice the file order is all that tells the items apart, and they keep it.
 */
export function byId<T extends Json>(items: readonly T[], idOf: (item: T) => Json | undefined): T[] {
  const ids = items.map(idOf);
  const distinct = new Set(ids.map(looseId));
  if (ids.includes(undefined) || distinct.size !== items.length) return [...items];
  return items.toSorted((a, b) => compareIds(idOf(a), idOf(b)));
}

/** The `id` member of a node, a group or a link object. */
export const idMember = (item: Json): Json | undefined => (isObject(item) ? item.get('id') : undefined);

/** Links by id; those that share an id, or are no links at all, stay in file order among themselves. */
export const linksById = (links: readonly Json[]): Json[] => links.toSorted((a, b) => compareIds(linkId(a), linkId(b)));

const linkId = (link: Json) => (isArray(link) ? link[0] : idMember(link));

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
