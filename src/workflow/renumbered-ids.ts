import type { Workflow } from './graph.js';
import { toDouble } from './json.js';

/**
 * Interior ids that today's frontend changes when it loads a file: node ids are unique over the root and all definitions, the root's
 * stay, and a later definition's colliding one gets the next free number. By definition id, old to new.
 */
export function renumberedIds(workflow: Workflow): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const used = new Set(workflow.root.nodes.keys());
  // The counter of the file alone: ids of the root are only looked at where they are in the way.
  let last = counter(workflow);
  const all = new Map<string, ReadonlyMap<string, string>>();
  for (const definition of workflow.definitions.values()) {
    const changed = new Map<string, string>();
    for (const id of definition.nodes.keys()) {
      if (used.has(id)) {
        do last++;
        while (used.has(String(last)));
        changed.set(id, String(last));
      } else if (isCounted(id)) last = Math.max(last, Number(id));
      used.add(changed.get(id) ?? id);
    }
    if (changed.size > 0) all.set(definition.id, changed);
  }
  return all;
}

const isCounted = (id: string) => Number.isSafeInteger(Number(id)) && String(Number(id)) === id;

function counter({ source }: Workflow): number {
  const written = source.get('last_node_id');
  const number = typeof written === 'string' ? Number(written) : (toDouble(written) ?? 0);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

/** The highest node id once the file is loaded. Its counter may be missing or too low; ids that are no integers do not count. */
export function lastId(workflow: Workflow, renumbered: ReadonlyMap<string, ReadonlyMap<string, string>>): number {
  const graphs = [workflow.root, ...workflow.definitions.values()];
  const given = [...renumbered.values()].flatMap((ids) => [...ids.values()]);
  const ids = [...graphs.flatMap(({ nodes }) => [...nodes.keys()]), ...given].filter(isCounted).map(Number);
  return ids.reduce((most, id) => Math.max(most, id), counter(workflow));
}
