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

/**
 * Links by id; those that share an id, or are no links at all, stay in file order among themselves. So do those that end at one slot, of which the
 * frontend keeps the first: they take each other's places. Where there are both, all stay in file order.
 */
export function linksById(links: readonly Json[]): Json[] {
  const sorted = links.toSorted((a, b) => compareIds(linkMember(a, 'id'), linkMember(b, 'id')));
  if (sorted.every((link, at) => link === links[at])) return sorted;
  const ids = links.map((link) => linkMember(link, 'id') ?? null);
  const ends = competingLinks(links);
  if (ends.length > 0 && new Set(ids.map(looseId)).size < ids.length) return [...links];
  for (const competing of ends) {
    const own = competing.map((at) => ids[at] ?? null).sort(compareIds);
    for (const [nth, at] of competing.entries()) ids[at] = own[nth] ?? null;
  }
  const order = [...links.keys()].sort((a, b) => compareIds(ids[a], ids[b]));
  return order.map((at) => links[at] ?? null);
}

/** Positions of links that end at the same slot of the same node. */
function competingLinks(links: readonly Json[]): readonly (readonly number[])[] {
  const found = new Map<string, number[]>();
  for (const [at, link] of links.entries()) {
    const end = `${looseId(linkMember(link, 'target_id'))}:${looseId(linkMember(link, 'target_slot'))}`;
    const others = found.get(end);
    if (others === undefined) found.set(end, [at]);
    else others.push(at);
  }
  return [...found.values()].filter(({ length }) => length > 1);
}

const linkPlaces = { id: 0, target_id: 3, target_slot: 4 } as const;

const linkMember = (link: Json, name: keyof typeof linkPlaces) =>
  isArray(link) ? link[linkPlaces[name]] : isObject(link) ? link.get(name) : undefined;

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
