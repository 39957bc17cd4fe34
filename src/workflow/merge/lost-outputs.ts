import { inputNodeId, outputNodeId } from '../graph.js';
import { objectsOf, slotKeys } from '../graphs.js';
import type { Json, JsonObject } from '../json.js';
import type { Deleting } from './deletions.js';
import { type MergeGraph, type MergeNode, type Source, sameSource, withNodes } from './model.js';
import { shownSource } from './nodes.js';
import { outputNumber } from './output-keys.js';
import { decide, mapSides, type Side, type Sides } from './sides.js';

/** Outputs of subgraphs that a side took out and that are to come back, by definition: graphs that use one are merged before it. */
export type WantedOutputs = Map<string, { readonly side: Side; readonly key: string }[]>;

/**
 * One side took out an output, or an input of a subgraph, that the other one connected: a conflict. The side that wants the connection gets the output
 * back with it; otherwise the connection goes.
 */
export function settleLostOutputs(
  merged: MergeGraph,
  graphs: Sides<MergeGraph>,
  { spot, merging }: Deleting,
  wanted: WantedOutputs,
): MergeGraph {
  const changed = new Map<string, MergeNode>();
  const nodeNow = (id: string) => changed.get(id) ?? merged.nodes.get(id);
  for (const [id, { links }] of merged.nodes) {
    for (const [input, source] of links) {
      const origin = nodeNow(source.origin);
      const node = nodeNow(id);
      if (origin === undefined || node === undefined || !isLost(source, origin, graphs)) continue;
      const sides = mapSides(graphs, (graph) => graph.nodes.get(id)?.links.get(input));
      const side = decide(merging, { ...spot, node: id, path: ['link', input] }, mapSides(sides, shownSource));
      const own = sides[side];
      const from = own !== undefined && sameSource(own, source) ? graphs[side]?.nodes.get(source.origin) : undefined;
      if (from === undefined) {
        changed.set(id, { ...node, links: new Map([...node.links].filter(([key]) => key !== input)) });
        continue;
      }
      changed.set(source.origin, withSlot(origin, 'outputs', from, source.output));
      want(wanted, origin, { side, key: source.output });
    }
  }
  return changed.size === 0 ? merged : withNodes(merged, changed);
}

function want(wanted: WantedOutputs, { fields }: MergeNode, output: { side: Side; key: string }): void {
  const type = fields.get('type');
  if (typeof type === 'string') wanted.set(type, [...(wanted.get(type) ?? []), output]);
}

/** The output is not there; one that only has a number is believed, unless the version that the link is from had written it down. */
function isLost({ origin, output }: Source, { fields }: MergeNode, graphs: Sides<MergeGraph>): boolean {
  const number = outputNumber(fields.get('outputs'), output);
  if (number === undefined) return true;
  const count = (node: MergeNode | undefined) => objectsOf(node?.fields.get('outputs')).length;
  const known = [graphs.ours, graphs.theirs].map((graph) => count(graph?.nodes.get(origin)));
  return (
    number >= count({ fields, links: new Map() }) && (origin === inputNodeId || known.some((most) => most > number))
  );
}

/** The outputs that somebody wants, back on the border of their definition, with what leads to them. */
export function withWantedOutputs(
  merged: MergeGraph,
  graphs: Sides<MergeGraph>,
  wanted: readonly { readonly side: Side; readonly key: string }[] = [],
): MergeGraph {
  let exit = merged.nodes.get(outputNodeId);
  for (const { side, key } of wanted) {
    const from = graphs[side]?.nodes.get(outputNodeId);
    if (exit !== undefined && from !== undefined) exit = withOutput(exit, from, key, merged);
  }
  return exit === undefined || wanted.length === 0 ? merged : withNodes(merged, [[outputNodeId, exit]]);
}

function withOutput(exit: MergeNode, from: MergeNode, key: string, { nodes }: MergeGraph): MergeNode {
  const known = new Set(slotKeys(objectsOf(exit.fields.get('inputs'))));
  const whole = withSlot(exit, 'inputs', from, key);
  const links = new Map(exit.links);
  // What was there before leads where the merge says.
  for (const input of slotKeys(objectsOf(whole.fields.get('inputs'))).filter((name) => !known.has(name))) {
    const source = from.links.get(input);
    if (source !== undefined && nodes.has(source.origin)) links.set(input, source);
  }
  return { ...whole, links };
}

/** The node with a slot that another version of it has: the one of that name, or all up to that number. */
function withSlot(node: MergeNode, list: 'inputs' | 'outputs', from: MergeNode, key: string): MergeNode {
  const [slots, others] = [listOf(node.fields, list), listOf(from.fields, list)];
  const number = outputNumber(others, key);
  if (number === undefined) return node;
  const isThere = (slot: Json) => slotKeys(objectsOf(slots)).includes(slotKeys(objectsOf([slot]))[0] ?? '');
  const missing = key.startsWith('#') ? others.slice(slots.length, number + 1) : others.slice(number, number + 1);
  const back = missing.filter((slot) => !isThere(slot));
  return back.length === 0 ? node : { ...node, fields: new Map(node.fields).set(list, [...slots, ...back]) };
}

const listOf = (fields: JsonObject, list: string): Json[] => {
  const slots = fields.get(list);
  return Array.isArray(slots) ? slots : [];
};
