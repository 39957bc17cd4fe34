import { factsOf, type GraphFacts, type NodeFacts } from './facts.js';
import type { Workflow } from './graph.js';
import { isNumber } from './json.js';
import { isSeedName } from './prompt.js';

/** Control values under which the frontend changes a number by itself at every queueing. */
export const movingControls: ReadonlySet<unknown> = new Set(['randomize', 'increment', 'decrement', 'increment-wrap']);

/** Keys of a node's values that the frontend draws: the value behind says so. An instance's seed goes by the control inside. */
export function drawnKeys({ type, facts }: NodeFacts, workflow: Workflow): string[] {
  const inner = workflow.definitions.get(type);
  const moved = inner !== undefined && hasMovingControl(inner.nodes.values());
  return facts.flatMap((fact, at) => {
    if (fact.kind !== 'value' || !isNumber(fact.value)) return [];
    const next = facts[at + 1];
    const drawn = next?.kind === 'value' && typeof next.value === 'string' && movingControls.has(next.value);
    return drawn || (moved && isSeedName(fact.key)) ? [fact.key] : [];
  });
}

const hasMovingControl = (nodes: Iterable<{ readonly values: readonly unknown[] | undefined }>) =>
  [...nodes].some(({ values }) => values?.some((value) => movingControls.has(value)) === true);

/** The drawn values of a whole workflow, as `drawnId` writes them. */
export function drawnValues(workflow: Workflow, facts: readonly GraphFacts[] = factsOf(workflow)): Set<string> {
  const found = new Set<string>();
  for (const { definition, nodes } of facts) {
    for (const node of nodes.values()) {
      for (const key of drawnKeys(node, workflow)) found.add(drawnId(definition, node.name.id, key));
    }
  }
  return found;
}

export const drawnId = (definition: string | undefined, node: string | undefined, key: string | undefined): string =>
  JSON.stringify([definition ?? null, node ?? null, key ?? null]);
