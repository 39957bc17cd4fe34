import type { Workflow } from './graph.js';
import { namedValues } from './node-values.js';

/** Whether every widget value of a workflow has a name without help from a lock or a server. */
export function namesAreKnown({ root, definitions }: Workflow): boolean {
  return [root, ...definitions.values()].every((graph) =>
    [...graph.nodes.values()].every(
      (node) => definitions.has(node.type) || namedValues(node).every(({ known }) => known),
    ),
  );
}
