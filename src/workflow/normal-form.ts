import { collidingGraphs } from './canonical-order.js';
import { graphsOf, mapGraphs, type NamedGraph, nodesOf } from './graphs.js';
import type { JsonObject } from './json.js';
import { emptyGraphLayout, type GraphLayout, type UntimedLayout } from './layout.js';
import { type LayoutMembers, layoutMembers } from './members.js';
import { normaliseGraph } from './normal-graph.js';

export interface Normalised {
  /** The workflow as git stores it; what came in is left as it was. */
  readonly normal: JsonObject;
  readonly layout: UntimedLayout;
}

/**
 * The normal form of a workflow (product.md, "Normal form") and the layout that was taken out of it. Same graph, same values;
 * what is left out besides the layout is derived: `applyLayout` and the frontends make it again.
 */
export function normalise(workflow: JsonObject): Normalised {
  const graphs = graphsOf(workflow);
  const members = membersOf(graphs);
  const colliding = collidingGraphs(graphs.map(({ graph }) => graph));
  let root = emptyGraphLayout;
  const subgraphs = new Map<string, GraphLayout>();
  const normal = mapGraphs(workflow, (graph, key) => {
    const parts = normaliseGraph(graph, members, colliding.has(graph));
    if (key === undefined) root = parts.layout;
    else subgraphs.set(key, parts.layout);
    return parts.normal;
  });
  return { normal, layout: { layout: 1, root, subgraphs } };
}

/** What counts as layout in this workflow: that depends on whether any of its graphs has cg-use-everywhere nodes. */
export const membersOf = (graphs: readonly NamedGraph[]): LayoutMembers =>
  layoutMembers(graphs.flatMap(({ graph }) => nodesOf(graph)));
