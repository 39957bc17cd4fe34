import { collidingGraphs, haveDistinctIds } from './canonical-order.js';
import { deriveMembers } from './derive.js';
import { linksOf } from './graph-links.js';
import { graphsOf, groupKeys, looseId, mapGraphs, nodeKeys, nodesOf, objectsOf, slotKeys } from './graphs.js';
import { isArray, isObject, type Json, type JsonObject } from './json.js';
import { emptyGraphLayout, type GraphLayout, type UntimedLayout } from './layout.js';
import { addMembers, type LayoutMembers, putMembers } from './members.js';
import { fileOrder, flowOf } from './node-order.js';
import { membersOf } from './normal-form.js';
import { isObjectList, linkKeys } from './normal-graph.js';
import { placeNodes } from './place.js';
import { placeGroups, placePanel } from './place-frames.js';

/**
 * A workflow as ComfyUI likes it: the normal form with the layout put back, derived members made again, and what the layout
 * does not know placed by ourselves without moving what it knows. Whatever the layout says, normalising the outcome gives `normal`.
 */
export function applyLayout(normal: JsonObject, layout: UntimedLayout | undefined): JsonObject {
  const graphs = graphsOf(normal);
  const members = membersOf(graphs);
  const colliding = collidingGraphs(graphs.map(({ graph }) => graph));
  return mapGraphs(normal, (graph, key) => {
    const known = key === undefined ? layout?.root : layout?.subgraphs.get(key);
    return applyToGraph(graph, known ?? emptyGraphLayout, members, colliding.has(graph));
  });
}

function applyToGraph(graph: JsonObject, layout: GraphLayout, members: LayoutMembers, keepOrder: boolean): JsonObject {
  const whole = putFurniture(graph, layout.members, members);
  const nodes = nodesOf(graph);
  const keys = nodeKeys(nodes);
  const known = nodes.map((node, at) => putNode(node, layout.nodes.get(keys[at] ?? ''), members));
  const placed = placeNodes(graph, known, members);
  if (isObjectList(graph.get('nodes'))) {
    const inOrder = keepOrder ? placed : reordered(placed, keys, graph, layout);
    deriveMembers(graph, inOrder);
    whole.set('nodes', inOrder);
  }
  if (isObjectList(graph.get('groups'))) {
    const groups = groupsInOrder(objectsOf(graph.get('groups')), layout, members);
    whole.set('groups', placeGroups(groups, placed, members));
  }
  for (const [name, side, slots] of panels) {
    const panel = placePanel(whole.get(name), side, objectsOf(graph.get(slots)).length, placed);
    if (panel !== undefined) whole.set(name, panel);
  }
  const links = graph.get('links');
  if (isArray(links) && layout.links.size > 0) whole.set('links', putLinks(links, layout, members));
  return whole;
}

const panels = [
  ['inputNode', 'left', 'inputs'],
  ['outputNode', 'right', 'outputs'],
] as const;

/** The saved order; sources before consumers where none is known. Nodes that share an id stay as they stand. */
function reordered(
  nodes: readonly JsonObject[],
  keys: readonly string[],
  graph: JsonObject,
  layout: GraphLayout,
): JsonObject[] {
  if (!haveDistinctIds(nodes)) return [...nodes];
  const ids = nodes.map((node) => looseId(node.get('id')));
  const at = new Map(keys.map((key, index) => [key, index]));
  const known = [...new Set(layout.order.flatMap((key) => at.get(key) ?? []))];
  const order = known.length === nodes.length ? known : fileOrder(flowOf(ids, linksOf(graph)), known);
  return order.flatMap((index) => nodes[index] ?? []);
}

/** A copy. */
function putNode(node: JsonObject, layout: JsonObject | undefined, members: LayoutMembers): JsonObject {
  const whole: JsonObject = new Map(node);
  if (layout === undefined) return whole;
  addMembers(whole, layout, members.node);
  const flags = node.get('flags');
  if (isObject(flags)) whole.set('flags', putMembers(flags, layout.get('flags'), members.flags));
  putSlots(whole, layout, members);
  return whole;
}

/** Slots are known by name: a foreign layout's node may have others, or more. */
function putSlots(whole: JsonObject, layout: JsonObject, members: LayoutMembers): void {
  for (const name of ['inputs', 'outputs']) {
    const slots = whole.get(name);
    const known = layout.get(name);
    if (!isArray(slots) || !isObject(known)) continue;
    const keys = slotKeys(objectsOf(slots));
    let seen = 0;
    whole.set(
      name,
      slots.map((slot) => (isObject(slot) ? putMembers(slot, known.get(keys[seen++] ?? ''), members.slot) : slot)),
    );
  }
}

/** `revision`, `extra`, slot panels ...: what belongs to the graph as a whole. A copy. */
function putFurniture(graph: JsonObject, layout: JsonObject, members: LayoutMembers): JsonObject {
  const whole: JsonObject = new Map(putMembers(graph, layout, members.graph));
  const extra = graph.get('extra');
  if (isObject(extra)) whole.set('extra', putMembers(extra, layout.get('extra'), members.extra));
  for (const name of ['inputNode', 'outputNode']) {
    const panel = graph.get(name);
    if (isObject(panel)) whole.set(name, putBox(panel, layout.get(name), members.box));
  }
  putSlots(whole, layout, members);
  return whole;
}

/** As `putMembers`, with the empty `bounding` of the normal form replaced, or left open for `placeGroups` and `placePanel`. */
function putBox(object: JsonObject, layout: Json | undefined, names: ReadonlySet<string>): JsonObject {
  const open: JsonObject = new Map(object);
  if (names.has('bounding')) open.delete('bounding');
  return putMembers(open, layout, names);
}

function groupsInOrder(groups: readonly JsonObject[], layout: GraphLayout, members: LayoutMembers): JsonObject[] {
  const keys = groupKeys(groups);
  const boxed = groups.map((group, at) => putBox(group, layout.groups.get(keys[at] ?? ''), members.group));
  // Only what the normal form sorts may change places.
  if (!haveDistinctIds(groups)) return boxed;
  const at = new Map(keys.map((key, index) => [key, index]));
  const order = new Set([...layout.groupOrder.flatMap((key) => at.get(key) ?? []), ...keys.keys()]);
  return [...order].flatMap((index) => boxed[index] ?? []);
}

function putLinks(links: readonly Json[], layout: GraphLayout, members: LayoutMembers): Json[] {
  const keys = linkKeys(links);
  return links.map((link, at) =>
    isObject(link) ? putMembers(link, layout.links.get(keys[at] ?? ''), members.link) : link,
  );
}
