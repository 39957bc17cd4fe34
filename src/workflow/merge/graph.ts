import { looseId, nodesOf } from '../graphs.js';
import type { JsonObject } from '../json.js';
import type { Bodies } from './definitions.js';
import { type Deleting, settleDeletions } from './deletions.js';
import { mergeGraphFields } from './graph-fields.js';
import { settleLostOutputs, type WantedOutputs, withWantedOutputs } from './lost-outputs.js';
import { type MergeGraph, type MergeNode, sameSource } from './model.js';
import { mergeNode } from './nodes.js';
import { mergedOrder } from './order.js';
import { type Merging, mapSides, type Sides, type Spot } from './sides.js';
import { linkId, type MergedLink, numberLinks, writeMergeGraph } from './write.js';

/** The versions of one graph: as they stand, and taken apart, theirs with the ids that it has in the merged one. */
export interface GraphVersions {
  readonly sides: Sides<JsonObject>;
  readonly graphs: Sides<MergeGraph>;
  readonly freshLink: () => number;
  /** Outputs of this and other definitions that are to come back. */
  readonly wanted: WantedOutputs;
}

export interface MergedGraph {
  readonly body: JsonObject;
  /** Ids of their links that are others now, old to new. */
  readonly links: ReadonlyMap<string, string>;
}

/** Merges one graph, the root or the body of a definition. A graph that only one side has is taken from there. */
export function mergeGraph({ sides, graphs, freshLink, wanted }: GraphVersions, deleting: Deleting): MergedGraph {
  const { ours, theirs } = graphs;
  const merged = ours === undefined || theirs === undefined ? (ours ?? theirs) : mergeNodes(graphs, deleting);
  const open: MergeGraph = merged ?? { nodes: new Map(), fields: new Map() };
  const asked = withWantedOutputs(open, graphs, wanted.get(deleting.spot.graph ?? ''));
  const whole = settleLostOutputs(asked, graphs, deleting, wanted);
  const links = numberLinks(whole, ours, freshLink);
  return { body: writeMergeGraph(whole, links, sides), links: renamedLinks(links, theirs) };
}

function renamedLinks(links: readonly MergedLink[], theirs: MergeGraph | undefined): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const { id, node, input, source } of links) {
    const own = theirs?.nodes.get(node)?.links.get(input);
    if (own === undefined || !sameSource(own, source)) continue;
    const [was, is] = [looseId(linkId(own.link)), looseId(id)];
    if (was !== is) renamed.set(was, is);
  }
  return renamed;
}

/** Merges the nodes of a graph, and its own members. */
export function mergeNodes(graphs: Sides<MergeGraph>, deleting: Deleting): MergeGraph {
  const { spot, merging } = deleting;
  const { base, ours, theirs } = settleDeletions(graphs, deleting);
  const ids = mergedOrder(
    ...([base, ours, theirs].map((graph) => [...(graph?.nodes.keys() ?? [])]) as [string[], string[], string[]]),
  );
  const nodes = new Map<string, MergeNode>();
  for (const id of ids) {
    const node = nodeAt(id, { base, ours, theirs }, { ...spot, node: id }, merging);
    if (node !== undefined) nodes.set(id, node);
  }
  return {
    nodes,
    fields: mergeGraphFields(
      mapSides(graphs, ({ fields }) => fields),
      spot,
      merging,
    ),
  };
}

/** What only one side has was added there, or taken out by the other one: all that is to be decided about that is settled. */
function nodeAt(id: string, graphs: Sides<MergeGraph>, spot: Spot, merging: Merging): MergeNode | undefined {
  const sides = mapSides(graphs, ({ nodes }) => nodes.get(id));
  if (sides.ours !== undefined && sides.theirs !== undefined) return mergeNode(sides, spot, merging);
  return sides.base === undefined ? (sides.ours ?? sides.theirs) : undefined;
}

/** Whether two workflows without a common version are of one kin: some node has the same id and class in both. */
export function shareNodes({ ours, theirs }: Sides<Bodies>): boolean {
  const names = (bodies: Bodies | undefined) =>
    nodesOf(bodies?.get(undefined) ?? new Map()).map(
      (node) => `${looseId(node.get('id'))} ${String(node.get('type'))}`,
    );
  const known = new Set(names(ours));
  return names(theirs).some((name) => known.has(name));
}
