import { identifyDefinitions } from './definition-identity.js';
import type { Graph, Workflow } from './graph.js';
import { identifyNodes, type NodeIdentity } from './node-identity.js';
import { shapesOfGraph, type TypeAliases } from './node-shapes.js';

/** How two versions of a workflow belong together. */
export interface WorkflowIdentity {
  /** By id of the definition after, its id before. */
  readonly definitions: TypeAliases;
  /** The nodes of the root and of each pair of definitions, by the definition's id after; `undefined` is the root. */
  readonly nodes: ReadonlyMap<string | undefined, NodeIdentity>;
}

/** Finds definitions and nodes of one version again in the other, whatever their ids. */
export function identifyWorkflow(before: Workflow, after: Workflow): WorkflowIdentity {
  const definitions = identifyDefinitions(before, after);
  const pair = (old: Graph, fresh: Graph) => identifyNodes(shapesOfGraph(old), shapesOfGraph(fresh, definitions));
  const nodes = new Map<string | undefined, NodeIdentity>([[undefined, pair(before.root, after.root)]]);
  for (const [id, was] of definitions) {
    const [old, fresh] = [before.definitions.get(was), after.definitions.get(id)];
    if (old !== undefined && fresh !== undefined) nodes.set(id, pair(old, fresh));
  }
  return { definitions, nodes };
}
