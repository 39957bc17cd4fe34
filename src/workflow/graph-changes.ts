import { factChanges, type SameNode } from './fact-changes.js';
import type { GraphFacts, NodeFacts } from './facts.js';
import { type Identities, settingsWithFormerIds, withFormerIds } from './interior-ids.js';
import { foldChains } from './lora-chains.js';
import { type NodeIdentity, sameEnds } from './node-identity.js';
import type { TypeAliases } from './node-shapes.js';
import type { WorkflowChange } from './workflow-change.js';

/** One graph in both versions. */
export interface GraphPair {
  readonly was: GraphFacts;
  readonly graph: GraphFacts;
}

export function pairGraphs(
  old: readonly GraphFacts[],
  fresh: readonly GraphFacts[],
  definitions: TypeAliases,
): GraphPair[] {
  const known = new Map(old.map((graph) => [graph.definition, graph]));
  return fresh.flatMap((graph) => {
    const was = known.get(graph.definition === undefined ? undefined : (definitions.get(graph.definition) ?? ''));
    return was === undefined ? [] : [{ was, graph }];
  });
}

/** What differs between all graphs of two versions; `identities` by the id of the definition after. */
export function changesOf(
  old: readonly GraphFacts[],
  fresh: readonly GraphFacts[],
  definitions: TypeAliases,
  identities: Identities,
  chains = true,
): WorkflowChange[] {
  const pairs = new Map(pairGraphs(old, fresh, definitions).map(({ was, graph }) => [graph, was]));
  const changes = fresh.flatMap((graph) => {
    const was = pairs.get(graph);
    if (was === undefined) return [subgraph('subgraph-added', graph)];
    const identity = identities.get(graph.definition) ?? new Map();
    const found = graphChanges(was, graph, identity, identities);
    return chains ? foldChains(found, was, graph, identity) : found;
  });
  const kept = new Set(pairs.values());
  return [...changes, ...old.filter((graph) => !kept.has(graph)).map((graph) => subgraph('subgraph-removed', graph))];
}

const subgraph = (kind: 'subgraph-added' | 'subgraph-removed', { path, nodes }: GraphFacts): WorkflowChange => ({
  kind,
  path,
  nodes: nodes.size,
});

function graphChanges(
  before: GraphFacts,
  after: GraphFacts,
  identity: NodeIdentity,
  identities: Identities,
): WorkflowChange[] {
  const same = sameEnds(identity, after.nodes);
  const { path } = after;
  const changes = factChanges(before.facts, settingsWithFormerIds(after.facts, identities), { path }, same);
  if (before.path[0] !== path[0]) changes.unshift({ kind: 'renamed', path, before: before.path[0], after: path[0] });
  const kept = new Set(identity.values());
  for (const [id, node] of after.nodes) {
    const former = identity.get(id);
    const was = former === undefined ? undefined : before.nodes.get(former);
    // What stood under the id of an added node is told next to it.
    const replaced = kept.has(id) ? undefined : before.nodes.get(id);
    if (was === undefined)
      changes.push(...(replaced ? [whole('node-removed', replaced)] : []), whole('node-added', node));
    else changes.push(...nodeChanges(was, { ...node, facts: withFormerIds(node, identities) }, same));
  }
  const gone = [...before.nodes].filter(([id]) => !kept.has(id) && (!after.nodes.has(id) || identity.has(id)));
  return [...changes, ...gone.map(([, node]) => whole('node-removed', node))];
}

const whole = (kind: 'node-added' | 'node-removed', { name, facts }: NodeFacts): WorkflowChange => ({
  kind,
  path: name.path,
  node: name,
  facts,
});

function nodeChanges(before: NodeFacts, after: NodeFacts, same: SameNode): WorkflowChange[] {
  const { name } = after;
  const former = before.name.id === name.id ? {} : { formerId: before.name.id };
  const about = { path: name.path, node: name, ...former };
  const changes = factChanges(before.facts, after.facts, about, same);
  const [was, is] = [before.name.title, name.title];
  return was === is ? changes : [{ kind: 'renamed', ...about, before: was, after: is }, ...changes];
}
