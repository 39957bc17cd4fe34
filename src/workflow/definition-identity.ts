import type { Definition, Workflow } from './graph.js';
import { shapesOfGraph, type TypeAliases } from './node-shapes.js';

/**
 * Which subgraph definition before a definition after is: by id, else by name and what is inside, else by name. A definition gets a new id
 * when it is copied or imported; of several that nothing tells apart, the first is the first. By id after, the id before.
 */
export function identifyDefinitions(before: Workflow, after: Workflow): TypeAliases {
  const pairs = new Map<string, string>();
  for (const id of after.definitions.keys()) if (before.definitions.has(id)) pairs.set(id, id);
  if (pairs.size === after.definitions.size) return pairs;
  pairBy(before, after, pairs, contentOf);
  pairBy(before, after, pairs, ({ name }) => name);
  return pairs;
}

type Key = (definition: Definition, workflow: Workflow) => string;

function pairBy(before: Workflow, after: Workflow, pairs: Map<string, string>, key: Key): void {
  const taken = new Set(pairs.values());
  const old = groupedBy(before, (id) => !taken.has(id), key);
  for (const [value, ids] of groupedBy(after, (id) => !pairs.has(id), key)) {
    const candidates = old.get(value) ?? [];
    if (candidates.length !== ids.length) continue;
    for (const [at, id] of ids.entries()) pairs.set(id, candidates[at] ?? id);
  }
}

function groupedBy(workflow: Workflow, isFree: (id: string) => boolean, key: Key): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const definition of workflow.definitions.values()) {
    if (!isFree(definition.id)) continue;
    const value = key(definition, workflow);
    groups.set(value, [...(groups.get(value) ?? []), definition.id]);
  }
  return groups;
}

/** Name, and types and values inside, whatever the ids. */
const contentOf: Key = (definition, { definitions }) =>
  JSON.stringify([
    definition.name,
    ...[...shapesOfGraph(definition).values()]
      .map(({ type, title, content }) =>
        JSON.stringify([definitions.get(type)?.name ?? type, title ?? null, content()]),
      )
      .sort(),
  ]);
