import { growPairs } from './node-pairing.js';
import type { NodeShape, Shapes } from './node-shapes.js';

/** Which node of the version before a node of the version after is: by its id after, the id before. */
export type NodeIdentity = ReadonlyMap<string, string>;

/**
 * Finds the nodes of one graph again in another version of it: by id and type, and where ids were given anew (copy and paste, import into
 * another graph) by type, title, values and neighbours. Ids are believed unless the graph fits much better without them. A node that only
 * one version has is in no pair. Takes time linear in nodes and links.
 */
export function identifyNodes(before: Shapes, after: Shapes): NodeIdentity {
  const believed = growPairs(before, after, idPairs(before, after));
  const disorder = structureCost(before, after, believed);
  if (disorder === 0 || (after.size > manyNodes && disorder * littleDisorder < after.size)) return believed;
  const free = growPairs(before, after, new Map());
  const cost = fullCost(before, after, believed);
  const freeCost = fullCost(before, after, free);
  return freeCost * muchBetter < cost ? free : believed;
}

/** By how much ids must be wrong to be given up: somebody who re-orders a chain has not renumbered it. */
const muchBetter = 4;
const unmatchedCost = 4;
/** In a large graph a handful of edits does not raise the question, which takes longer than all the rest. */
const manyNodes = 500;
const littleDisorder = 10;

function idPairs(before: Shapes, after: Shapes): NodeIdentity {
  const pairs = new Map<string, string>();
  for (const [id, { type }] of after) if (before.get(id)?.type === type) pairs.set(id, id);
  return pairs;
}

/** How much a reader would be told about nodes and links. */
function structureCost(before: Shapes, after: Shapes, identity: NodeIdentity): number {
  let cost = (before.size + after.size - 2 * identity.size) * unmatchedCost;
  const same = sameEnds(identity, after);
  for (const [id, was] of identity) cost += changedLinks(before.get(was)?.inputs, after.get(id)?.inputs, same);
  return cost;
}

function fullCost(before: Shapes, after: Shapes, identity: NodeIdentity): number {
  let cost = structureCost(before, after, identity);
  for (const [id, was] of identity) {
    const [a, b] = [before.get(was), after.get(id)];
    if (a?.content() !== b?.content()) cost++;
    if (a?.title !== b?.title) cost++;
  }
  return cost;
}

const noInputs: NodeShape['inputs'] = new Map();

function changedLinks(
  before: NodeShape['inputs'] = noInputs,
  after: NodeShape['inputs'] = noInputs,
  same: (before: string, after: string) => boolean,
): number {
  let changed = 0;
  for (const name of before.keys()) if (!after.has(name)) changed++;
  for (const [name, end] of after) {
    const was = before.get(name);
    if (was === undefined || was.slot !== end.slot || !same(was.node, end.node)) changed++;
  }
  return changed;
}

/** Whether two ends of links are one node. What is no node of the graph (a border, an end that is gone) goes by its id. */
export const sameEnds =
  (identity: NodeIdentity, after: { has(id: string): boolean }) =>
  (before: string, end: string): boolean =>
    after.has(end) ? identity.get(end) === before : end === before;
