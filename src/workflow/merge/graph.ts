import { looseId, nodesOf } from '../graphs.js';
import type { JsonObject } from '../json.js';
import type { Bodies } from './definitions.js';
import { type Deleting, settleDeletions } from './deletions.js';
import { mergeGraphFields } from './graph-fields.js';
import { type MergeGraph, type MergeNode, sameSource } from './model.js';
import { mergeNode, shownSource } from './nodes.js';
import { mergedOrder } from './order.js';
import { decide, type Merging, mapSides, type Sides, type Spot } from './sides.js';
import { hasOutput, linkId, type MergedLink, numberLinks, writeMergeGraph } from './write.js';

/** The versions of one graph: as they stand, and taken apart, theirs with the ids that it has in the merged one. */
export interface GraphVersions {
  readonly sides: Sides<JsonObject>;
  readonly graphs: Sides<MergeGraph>;
  readonly freshLink: () => number;
}

export interface MergedGraph {
  readonly body: JsonObject;
  /** Ids of their links that are others now, old to new. */
  readonly links: ReadonlyMap<string, string>;
}

/** Merges one graph, the root or the body of a definition. A graph that only one side has is taken from there. */
export function mergeGraph({ sides, graphs, freshLink }: GraphVersions, deleting: Deleting): MergedGraph {
  const { ours, theirs } = graphs;
  const merged = ours === undefined || theirs === undefined ? (ours ?? theirs) : mergeNodes(graphs, deleting);
  const whole: MergeGraph = merged ?? { nodes: new Map(), fields: new Map() };
  noteLost(whole, graphs, deleting);
  const links = numberLinks(whole, ours, freshLink);
  return { body: writeMergeGraph(whole, links, sides), links: renamedLinks(links, theirs) };
}

/** A side took an output or input of a subgraph out, and the other one connected it: the link cannot be, and somebody should know. */
function noteLost(merged: MergeGraph, { base, ours, theirs }: Sides<MergeGraph>, { spot, merging }: Deleting): void {
  for (const [id, { links }] of merged.nodes) {
    for (const [input, source] of links) {
      if (!merged.nodes.has(source.origin) || hasOutput(merged, source)) continue;
      const at = (graph: MergeGraph | undefined) => graph?.nodes.get(id)?.links.get(input);
      decide(
        merging,
        { ...spot, node: id, path: ['link', input] },
        mapSides({ base: at(base), ours: at(ours), theirs: at(theirs) }, shownSource),
      );
    }
  }
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
