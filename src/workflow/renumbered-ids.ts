import type { Workflow } from './graph.js';
import { toDouble } from './json.js';

/**
 * Interior ids that today's frontend changes when it loads a file: node ids are unique over the root and all definitions, the root's
 * stay, and a later definition's colliding one gets the next free number. By definition id, old to new.
 */
export function renumberedIds(workflow: Workflow): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const used = new Set(workflow.root.nodes.keys());
  let last = lastId(workflow);
  const all = new Map<string, ReadonlyMap<string, string>>();
  for (const definition of workflow.definitions.values()) {
    const changed = new Map<string, string>();
    for (const id of definition.nodes.keys()) {
      if (used.has(id)) changed.set(id, String(++last));
      used.add(changed.get(id) ?? id);
    }
    if (changed.size > 0) all.set(definition.id, changed);
  }
  return all;
}

/** The highest node id of the file. Its counter may be missing or too low; ids that are no integers do not count. */
export function lastId({ source, root, definitions }: Workflow): number {
  const written = source.get('last_node_id');
  const counter = typeof written === 'string' ? Number(written) : (toDouble(written) ?? 0);
  const graphs = [root, ...definitions.values()];
  const ids = graphs.flatMap(({ nodes }) => [...nodes.keys()].map(Number));
  return [counter, ...ids].filter(Number.isSafeInteger).reduce((most, id) => Math.max(most, id), 0);
}
