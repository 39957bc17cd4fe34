import { createHash } from 'node:crypto';
import { movingControls } from './drawn-seeds.js';
import { sameValueText } from './exact-number.js';
import type { GraphNode, Workflow } from './graph.js';
import { isNumber, type Json } from './json.js';
import { isSeedName, type Prompt } from './prompt.js';
import type { Source } from './resolved-nodes.js';

/**
 * One digest (16 hex digits) for the values of a document, but for those that `compareForMatch` and `comparePrompts` take for seeds. Documents that are
 * `exact` or `seeds` to each other have the same one; with another one there is nothing to compare.
 */
export function unseededDigest(source: Source): string {
  const values = 'root' in source ? valuesOfWorkflow(source) : valuesOfPrompt(source);
  const texts = values.map(sameValueText).sort();
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
}

function valuesOfWorkflow({ root, definitions }: Workflow): Json[] {
  const nodes = [root, ...definitions.values()].flatMap((graph) => [...graph.nodes.values()]);
  return nodes.flatMap((node) => valuesOfNode(node, definitions.has(node.type)));
}

/** What is saved by name has no order that says which number a control is for, and an instance of a subgraph goes by the controls inside. */
function valuesOfNode({ values, named }: GraphNode, isInstance: boolean): readonly Json[] {
  const list = values ?? [...(named?.values() ?? [])];
  if (values === undefined || isInstance) return list.filter((value) => !isNumber(value));
  return list.filter((value, at) => !isNumber(value) || !movingControls.has(list[at + 1]));
}

const valuesOfPrompt = ({ nodes }: Prompt): Json[] =>
  [...nodes.values()].flatMap(({ inputs }) =>
    [...inputs].flatMap(([name, value]) => (isSeedName(name) ? [] : [value])),
  );
