import { sameNumberText } from '../workflow/exact-number.js';
import { isArray, isNumber, type Json } from '../workflow/json.js';
import { type Prompt, type PromptNode, promptLink } from '../workflow/prompt.js';
import { dependencyOrder, nodeName } from './prompt-order.js';

/** A value that ran, and the node that had it. */
export interface PromptValue {
  readonly text: string;
  readonly node: string;
  /** Why the value is not in the prompt, although the node has it; `text` is empty then. */
  readonly notCaptured?: string;
}

/** Values of inputs by their names, of every node that has one: `steps` of two samplers are two values. */
export function valuesNamed(prompt: Prompt, names: readonly string[]): PromptValue[] {
  return dependencyOrder(prompt).flatMap((node) =>
    names.flatMap((name) => {
      const value = node.inputs.get(name);
      return value === undefined ? [] : [resolved(prompt, node, value)];
    }),
  );
}

/** Follows a link to the node that holds the value, if one does: primitives, reroutes. */
export function resolved(prompt: Prompt, node: PromptNode, value: Json): PromptValue {
  let from = node;
  let now = value;
  for (let steps = 0; steps < maxSteps; steps++) {
    const link = promptLink(now);
    if (link === undefined) return { text: plainText(now), node: nodeName(node) };
    const origin = prompt.nodes.get(link.node);
    if (origin === undefined) break;
    from = origin;
    const held = handedOn(origin);
    if (held === undefined) break;
    now = held;
  }
  return { text: '', node: nodeName(node), notCaptured: `${nodeName(from)} makes it while it runs` };
}

const maxSteps = 64;

/** The one value that a primitive or a text node hands on, by the names that packs use. */
function handedOn(node: PromptNode): Json | undefined {
  const names = ['value', 'populated_text', 'text', 'string', 'seed', 'int', 'float', 'number', 'Value'];
  const held = names.filter((name) => node.inputs.has(name));
  return held.length === 0 ? undefined : node.inputs.get(held[0] ?? '');
}

/** A value as people read it: texts as they are, numbers with every digit. */
export function plainText(value: Json): string {
  if (typeof value === 'string') return value;
  if (isNumber(value)) return sameNumberText(value);
  return isArray(value) ? value.map(plainText).join(', ') : String(value);
}
