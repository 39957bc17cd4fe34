import { haveDistinctIds } from '../canonical-order.js';
import { inputNodeId, outputNodeId } from '../graph.js';
import { type LinkEnds, linksOf } from '../graph-links.js';
import { looseId, nodesOf, objectsOf, slotKeys } from '../graphs.js';
import { isArray, isObject, type Json, type JsonObject } from '../json.js';
import type { MergeGraph, MergeNode, Source } from './model.js';
import { outputKey, outputNaming } from './output-keys.js';
import { mapSides, type Sides } from './sides.js';

/** What of a graph is not one of its own fields. */
const parts: ReadonlySet<string> = new Set(['nodes', 'links', 'definitions']);
const border: ReadonlySet<string> = new Set(['inputs', 'outputs']);

/**
 * Takes the versions of one graph apart. `undefined` where ids stand twice or the ends of links disagree in any of them: who could tell then what
 * is meant.
 */
export function readMergeGraphs(sides: Sides<JsonObject>): Sides<MergeGraph> | undefined {
  const read = mapSides(sides, readNodes);
  const known = new Map<string, 'name' | 'number'>();
  const naming = (id: string) => {
    const found = known.get(id) ?? outputNaming(mapSides(read, ({ fields }) => fields.get(id)?.get('outputs')));
    known.set(id, found);
    return found;
  };
  const graphs = mapSides(read, (nodes) => readLinks(nodes, naming));
  return (['base', 'ours', 'theirs'] as const).every(
    (side) => (sides[side] === undefined) === (graphs[side] === undefined),
  )
    ? graphs
    : undefined;
}

/** One version, on the way. */
interface Nodes {
  readonly graph: JsonObject;
  /** Each node as it stands, by loose id; a definition's own slots too. */
  readonly fields: ReadonlyMap<string, JsonObject>;
}

function readNodes(graph: JsonObject): Nodes | undefined {
  const nodes = nodesOf(graph);
  const list = graph.get('nodes');
  if (!isArray(list) || nodes.length !== list.length || !haveDistinctIds(nodes)) return undefined;
  const fields = new Map(nodes.map((node) => [looseId(node.get('id')), node]));
  if (!isDefinition(graph)) return { graph, fields };
  if (fields.has(inputNodeId) || fields.has(outputNodeId)) return undefined;
  fields.set(inputNodeId, new Map([['outputs', graph.get('inputs') ?? []]]));
  fields.set(outputNodeId, new Map([['inputs', graph.get('outputs') ?? []]]));
  return { graph, fields };
}

/** Only a definition has slots of its own. */
export const isDefinition = (graph: JsonObject): boolean => isObject(graph.get('outputNode')) || graph.has('inputNode');

type Naming = (node: string) => 'name' | 'number';

function readLinks({ graph, fields }: Nodes, naming: Naming): MergeGraph | undefined {
  const links = graph.get('links');
  const ends = linksOf(graph);
  const written = isArray(links) ? links.filter((link) => link !== null) : [];
  const byId = new Map(ends.map((end, at) => [looseId(end.id), { end, link: written[at] ?? null }]));
  if (byId.size !== written.length) return undefined;
  const held = new Set<string>();
  const sourceOf = ({ end, link }: { end: LinkEnds; link: Json }): Source => ({
    origin: end.origin,
    output: outputKey(fields.get(end.origin)?.get('outputs'), end.originSlot ?? 0, naming(end.origin)),
    link,
  });
  const nodes = new Map<string, MergeNode>();
  for (const [id, node] of fields) {
    const slots = node.get('inputs');
    const keys = slotKeys(objectsOf(slots));
    const found = new Map<string, Source>();
    for (const [at, slot] of objectsOf(slots).entries()) {
      const linkId = linkInto(slot, id, at, ends);
      if (linkId === undefined) continue;
      const known = byId.get(linkId);
      if (known === undefined || known.end.target !== id || known.end.targetSlot !== at) return undefined;
      if (!fields.has(known.end.origin) || held.has(linkId)) return undefined;
      held.add(linkId);
      found.set(keys[at] ?? '', sourceOf(known));
    }
    nodes.set(id, { fields: withoutLinks(node, id), links: found });
  }
  return held.size === byId.size ? { nodes, fields: ownFields(graph) } : undefined;
}

/** An input holds its link; what leads to an output of the definition is told by the link alone. */
function linkInto(slot: JsonObject, node: string, at: number, ends: readonly LinkEnds[]): string | undefined {
  if (node !== outputNodeId) {
    const link = slot.get('link') ?? null;
    return link === null ? undefined : looseId(link);
  }
  const end = ends.find(({ target, targetSlot }) => target === outputNodeId && targetSlot === at);
  return end && looseId(end.id);
}

function withoutLinks(node: JsonObject, id: string): JsonObject {
  const [name, member, empty] =
    id === inputNodeId
      ? (['outputs', 'linkIds', []] as const)
      : (['inputs', id === outputNodeId ? 'linkIds' : 'link', id === outputNodeId ? [] : null] as const);
  const slots = node.get(name);
  if (!isArray(slots)) return node;
  const open = slots.map(
    (slot): Json => (isObject(slot) && slot.has(member) ? new Map(slot).set(member, empty as Json) : slot),
  );
  return new Map(node).set(name, open);
}

function ownFields(graph: JsonObject): JsonObject {
  const own = isDefinition(graph) ? [...parts, ...border] : [...parts];
  return new Map([...graph].filter(([key]) => !own.includes(key)));
}
