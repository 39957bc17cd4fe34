import { ComfyError } from '../errors.js';
import { expandGroups } from './expand-groups.js';
import type { Graph, Workflow } from './graph.js';
import type { ObjectInfo } from './interfaces.js';
import { looseGroupNodes } from './loose-groups.js';
import { type ResolvedNode, resolveNodes, type Source } from './resolved-nodes.js';

export interface FoundNode extends ResolvedNode {
  /** It would run; otherwise it, or the subgraph around it, is muted or bypassed. */
  readonly executed: boolean;
}

/**
 * All nodes of a workflow or prompt: those that would run, those of legacy group nodes, and behind them those that are muted or bypassed,
 * with the values that they would have were they switched on.
 */
export function everyNode(source: Source, info?: ObjectInfo): readonly FoundNode[] {
  if (latest?.source.deref() !== source) latest = { source: new WeakRef(source), found: new Map() };
  const before = latest.found.get(info);
  if (before !== undefined) return before;
  const nodes = 'root' in source ? nodesOf(source, info) : resolveNodes(source).map(executed);
  latest.found.set(info, nodes);
  return nodes;
}

/** Models, embeddings and inputs of one workflow are asked for one after the other; those of hundreds would fill the memory. */
let latest:
  | { readonly source: WeakRef<Source>; readonly found: Map<ObjectInfo | undefined, readonly FoundNode[]> }
  | undefined;

const executed = (node: ResolvedNode): FoundNode => ({ ...node, executed: true });

function nodesOf(workflow: Workflow, info: ObjectInfo | undefined): FoundNode[] {
  const expanded = info === undefined ? workflow : expandGroups(workflow, info);
  const running = resolveNodes(expanded, info).map(executed);
  const known = new Set(running.map(({ id }) => id));
  const idle = idleNodes(expanded, info).filter(({ id }) => !known.has(id));
  return [...running, ...looseGroupNodes(expanded), ...idle.map((node) => ({ ...node, executed: false }))];
}

/** The nodes as they were if nothing was muted or bypassed. What cannot be unfolded then never runs, and is nobody's trouble. */
function idleNodes(workflow: Workflow, info: ObjectInfo | undefined): readonly ResolvedNode[] {
  const graphs = [workflow.root, ...workflow.definitions.values()];
  if (graphs.every((graph) => [...graph.nodes.values()].every(({ state }) => state === 'active'))) return [];
  const definitions = new Map([...workflow.definitions].map(([id, definition]) => [id, awake(definition)]));
  try {
    return resolveNodes({ ...workflow, root: awake(workflow.root), definitions }, info);
  } catch (error) {
    if (error instanceof ComfyError) return [];
    throw error;
  }
}

const awake = <Kind extends Graph>(graph: Kind): Kind => ({
  ...graph,
  nodes: new Map([...graph.nodes].map(([id, node]) => [id, { ...node, state: 'active' as const }])),
});
