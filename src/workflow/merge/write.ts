import { inputNodeId, outputNodeId } from '../graph.js';
import { looseId, objectsOf, slotKeys } from '../graphs.js';
import { isArray, isObject, type Json, type JsonObject } from '../json.js';
import { type MergeGraph, type MergeNode, type Source, sameSource } from './model.js';
import { isBorder } from './nodes.js';
import { outputNumber } from './output-keys.js';
import type { Sides } from './sides.js';

/** A link of the merged graph. */
export interface MergedLink {
  readonly id: Json;
  readonly node: string;
  /** Key of the input. */
  readonly input: string;
  readonly source: Source;
}

/** Gives every link that has both ends an id: ours keep theirs, the others keep the one that they come with where it is free. */
export function numberLinks(graph: MergeGraph, ours: MergeGraph | undefined, freshId: () => number): MergedLink[] {
  const taken = new Set([...(ours?.nodes.values() ?? [])].flatMap(({ links }) => [...links.values()].map(keyOf)));
  const used = new Set<string>();
  const links = [...graph.nodes].flatMap(([node, { links }]) =>
    [...links].filter(([, source]) => hasOutput(graph, source)).map(([input, source]) => ({ node, input, source })),
  );
  return links.map((link) => {
    const own = ours?.nodes.get(link.node)?.links.get(link.input);
    const isOurs = own !== undefined && sameSource(own, link.source);
    const key = keyOf(isOurs ? own : link.source);
    const free = !used.has(key) && (isOurs || !taken.has(key));
    const id = free ? linkId((isOurs ? own : link.source).link) : freshId();
    used.add(looseId(id));
    return { ...link, id };
  });
}

const keyOf = ({ link }: Source) => looseId(linkId(link));

export const linkId = (link: Json): Json => (isArray(link) ? link[0] : isObject(link) ? link.get('id') : null) ?? null;

/** Whether the source is there; the slots of a node whose outputs nobody wrote down are believed. */
export const hasOutput = ({ nodes }: MergeGraph, { origin, output }: Source): boolean => {
  const node = nodes.get(origin);
  const number = outputNumber(node?.fields.get('outputs'), output);
  if (node === undefined || number === undefined) return false;
  return origin !== inputNodeId || number < objectsOf(node.fields.get('outputs')).length;
};

/** The graph as a file has it, without its definitions. The versions say in which order an input of a definition names its links. */
export function writeMergeGraph(
  graph: MergeGraph,
  links: readonly MergedLink[],
  versions: Sides<JsonObject>,
): JsonObject {
  const into = new Map<string, Map<string, Json>>();
  for (const { node, input, id } of links) into.set(node, (into.get(node) ?? new Map()).set(input, id));
  const nodes = [...graph.nodes]
    .filter(([id]) => !isBorder(id))
    .map(([id, node]) => withLinks(node.fields, 'link', into.get(id)));
  const written: JsonObject = new Map(graph.fields);
  written.set('nodes', nodes);
  written.set(
    'links',
    links.map((link) => writeLink(graph, link)),
  );
  const [entry, exit] = [graph.nodes.get(inputNodeId), graph.nodes.get(outputNodeId)];
  if (entry !== undefined) written.set('inputs', withLeaving(entry, links, versions));
  if (exit !== undefined)
    written.set('outputs', withLinks(exit.fields, 'linkIds', into.get(outputNodeId)).get('inputs') ?? []);
  return written;
}

function withLinks(
  fields: JsonObject,
  member: 'link' | 'linkIds',
  ids: ReadonlyMap<string, Json> | undefined,
): JsonObject {
  const slots = fields.get('inputs');
  if (!isArray(slots) || ids === undefined) return fields;
  const keys = slotKeys(objectsOf(slots));
  const held = slots.map((slot, at): Json => {
    const id = ids.get(keys[at] ?? '');
    return id === undefined || !isObject(slot) ? slot : new Map(slot).set(member, member === 'link' ? id : [id]);
  });
  return new Map(fields).set('inputs', held);
}

function writeLink(graph: MergeGraph, { id, node, input, source }: MergedLink): Json {
  const [origin, target] = [graph.nodes.get(source.origin), graph.nodes.get(node)];
  const targetSlot = slotKeys(objectsOf(target?.fields.get('inputs'))).indexOf(input);
  const ends: Json[] = [
    id,
    idOf(source.origin, origin),
    outputNumber(origin?.fields.get('outputs'), source.output) ?? 0,
    idOf(node, target),
    targetSlot,
  ];
  if (isArray(source.link)) return [...ends, ...source.link.slice(5)];
  const object: JsonObject = new Map(isObject(source.link) ? source.link : []);
  for (const [at, key] of ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot'].entries())
    object.set(key, ends[at] ?? null);
  return object;
}

const idOf = (id: string, node: MergeNode | undefined): Json => node?.fields.get('id') ?? Number(id);

/** The inputs of a definition with their links: the first one that reaches a widget decides which, so the order stays. */
function withLeaving({ fields }: MergeNode, links: readonly MergedLink[], { ours, theirs }: Sides<JsonObject>): Json {
  const slots = fields.get('outputs');
  if (!isArray(slots)) return [];
  const rank = [ours, theirs].flatMap((graph) => objectsOf(graph?.get('inputs')).flatMap((slot) => idsOf(slot)));
  return slots.map((slot, at): Json => {
    const leaving = links
      .filter(({ source }) => source.origin === inputNodeId && outputNumber(slots, source.output) === at)
      .map(({ id }) => id);
    if (!isObject(slot) || (leaving.length === 0 && !slot.has('linkIds'))) return slot;
    return new Map(slot).set(
      'linkIds',
      leaving.toSorted((a, b) => placeIn(rank, a) - placeIn(rank, b)),
    );
  });
}

/** New links come last. */
const placeIn = (rank: readonly string[], id: Json) =>
  rank.includes(looseId(id)) ? rank.indexOf(looseId(id)) : rank.length;

function idsOf(slot: JsonObject): string[] {
  const ids = slot.get('linkIds');
  return isArray(ids) ? ids.map(looseId) : [];
}
