import { byId, haveDistinctIds, linksById } from './canonical-order.js';
import { groupKeys, looseId, nodeKeys, nodesOf, objectsOf, uniqueKeys } from './graphs.js';
import { isArray, isObject, type Json, type JsonObject, writeJson } from './json.js';
import type { GraphLayout } from './layout.js';
import { derivedOfDefinitionSlot, type LayoutMembers, takeMembers } from './members.js';
import { normaliseNode, normaliseSlots, takeInto } from './normal-node.js';
import { keptInputs, renumbered, type SlotMoves, targetedSlots } from './normal-slots.js';

/** A group or a slot panel without a box makes ComfyUI's load throw; this one says nothing. */
const noBox = (): Json[] => [0, 0, 0, 0];

/** One graph in normal form, and its layout. `fileOrder` keeps the nodes as they stand. Inner definitions are left alone. */
export function normaliseGraph(
  graph: JsonObject,
  members: LayoutMembers,
  fileOrder: boolean,
): { readonly normal: JsonObject; readonly layout: GraphLayout } {
  const parts = takeMembers(graph, members.graph);
  const normal: JsonObject = new Map(parts.rest);
  const taken = parts.taken ?? new Map();
  takeFurniture(normal, taken, members);
  const { moves, ...nodes } = takeNodes(graph, members);
  if (nodes.list !== undefined) normal.set('nodes', fileOrder ? nodes.list : byId(nodes.list));
  const links = takeLinks(graph, members, moves);
  if (links.list !== undefined) normal.set('links', links.list);
  const groups = takeGroups(graph, members);
  if (groups.list !== undefined) normal.set('groups', byId(groups.list));
  return {
    normal,
    layout: {
      order: nodes.order,
      nodes: nodes.taken,
      groupOrder: groups.order,
      groups: groups.taken,
      links: links.taken,
      members: taken,
    },
  };
}

/** What belongs to the graph as a whole: `extra`, and in a definition its slots and their two panels. */
function takeFurniture(normal: JsonObject, taken: JsonObject, members: LayoutMembers): void {
  const extra = normal.get('extra');
  if (isObject(extra)) takeInto(normal, taken, 'extra', extra, members.extra);
  for (const name of ['inputNode', 'outputNode']) {
    const panel = normal.get(name);
    if (!isObject(panel)) continue;
    const parts = takeMembers(panel, members.box);
    normal.set(name, new Map(parts.rest).set('bounding', noBox()));
    if (parts.taken !== undefined) taken.set(name, parts.taken);
  }
  for (const name of ['inputs', 'outputs'] as const) {
    const slots = normal.get(name);
    if (isArray(slots)) normaliseSlots(normal, taken, { name, slots, derived: derivedOfDefinitionSlot }, members);
  }
}

/** A list that holds anything else is nothing that we understand, and stays as it is. */
export const isObjectList = (list: Json | undefined): list is JsonObject[] => isArray(list) && list.every(isObject);

function takeNodes(graph: JsonObject, members: LayoutMembers) {
  const list = graph.get('nodes');
  const moves = new Map<string, SlotMoves>();
  const nodes = nodesOf(graph);
  const order = nodeKeys(nodes);
  if (!isObjectList(list)) return { list: undefined, moves, order, taken: new Map<string, JsonObject>() };
  const targeted = targetedSlots(linkList(graph));
  const ids = nodes.map((node) => looseId(node.get('id')));
  const distinct = haveDistinctIds(nodes);
  const taken = new Map<string, JsonObject>();
  const normal = nodes.map((node, at) => {
    const id = ids[at] ?? '';
    const inputs = node.get('inputs');
    // Where an id stands twice nobody can tell whose slots a link counts.
    const kept = isArray(inputs) && distinct ? keptInputs(inputs, targeted.get(id)) : undefined;
    if (kept?.moves !== undefined) moves.set(id, kept.moves);
    const parts = normaliseNode(node, kept?.kept ?? (isArray(inputs) ? inputs : undefined), members);
    if (parts.taken.size > 0) taken.set(order[at] ?? '', parts.taken);
    return parts.normal;
  });
  return { list: normal, moves, order, taken };
}

const linkList = (graph: JsonObject): Json[] => {
  const links = graph.get('links');
  return isArray(links) ? links : [];
};

/** Without the holes that old frontends left, by id, slots counted as they stand now. */
function takeLinks(graph: JsonObject, members: LayoutMembers, moves: ReadonlyMap<string, SlotMoves>) {
  const taken = new Map<string, JsonObject>();
  if (!isArray(graph.get('links'))) return { list: undefined, taken };
  const list = linksById(linkList(graph).filter((link) => link !== null)).map((link) => renumbered(link, moves));
  if (!list.some((link) => isObject(link) && hasAny(link, members.link))) return { list, taken };
  const keys = linkKeys(list);
  const rest = list.map((link, at) => {
    if (!isObject(link)) return link;
    const parts = takeMembers(link, members.link);
    if (parts.taken !== undefined) taken.set(keys[at] ?? '', parts.taken);
    return parts.rest;
  });
  return { list: rest, taken };
}

const hasAny = (object: JsonObject, names: ReadonlySet<string>) => [...names].some((name) => object.has(name));

/** What a layout calls each link of a list in canonical order. */
export const linkKeys = (links: readonly Json[]): string[] =>
  uniqueKeys(links.map((link) => writeJson((isObject(link) ? link.get('id') : undefined) ?? null)));

function takeGroups(graph: JsonObject, members: LayoutMembers) {
  const taken = new Map<string, JsonObject>();
  const list = graph.get('groups');
  if (!isObjectList(list)) return { list: undefined, order: [], taken };
  const order = groupKeys(objectsOf(list));
  const normal = objectsOf(list).map((group, at) => {
    const parts = takeMembers(group, members.group);
    if (parts.taken !== undefined) taken.set(order[at] ?? '', parts.taken);
    const rest: JsonObject = new Map(parts.rest);
    if (members.group.has('bounding')) rest.set('bounding', noBox());
    return rest;
  });
  return { list: normal, order, taken };
}
