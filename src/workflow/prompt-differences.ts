import { sameNumberText, sameValueText } from './exact-number.js';
import { canonicalJson, isNumber, type Json } from './json.js';
import { nonceInput, type Prompt, type PromptNode, promptLink } from './prompt.js';

/** One difference between two prompts; values are as text. */
export interface PromptDifference {
  readonly id: string;
  /** `KSampler "base" #3`. */
  readonly node: string;
  readonly kind: 'added' | 'removed' | 'class' | 'input';
  /** For `input`. */
  readonly input?: string;
  /** For `input`: it was, or is, taken from another node. */
  readonly wired?: true;
  readonly before?: string;
  readonly after?: string;
}

/**
 * What differs in how two pictures were made, as far as their prompts tell, node by node id. Titles, our nonce and the spelling of numbers
 * are no difference, and neither is the name that an output is saved under.
 */
export function promptDifferences(before: Prompt, after: Prompt): PromptDifference[] {
  const ids = new Set([...before.nodes.keys(), ...after.nodes.keys()]);
  return [...ids].flatMap((id) => nodeDifferences(before.nodes.get(id), after.nodes.get(id)));
}

function nodeDifferences(before: PromptNode | undefined, after: PromptNode | undefined): PromptDifference[] {
  if (before === undefined) return after === undefined ? [] : [{ id: after.id, node: nameOf(after), kind: 'added' }];
  if (after === undefined) return [{ id: before.id, node: nameOf(before), kind: 'removed' }];
  const { id } = after;
  const node = nameOf(after);
  if (before.classType !== after.classType) {
    return [{ id, node, kind: 'class', before: before.classType, after: after.classType }];
  }
  return [...new Set([...before.inputs.keys(), ...after.inputs.keys()])]
    .filter((input) => input !== nonceInput && input !== 'filename_prefix')
    .filter((input) => sameValueText(before.inputs.get(input)) !== sameValueText(after.inputs.get(input)))
    .map((input) => ({
      id,
      node,
      kind: 'input',
      input,
      ...(isWired(before.inputs.get(input), after.inputs.get(input)) ? { wired: true } : {}),
      before: valueText(before.inputs.get(input)),
      after: valueText(after.inputs.get(input)),
    }));
}

const isWired = (...values: (Json | undefined)[]) => values.some((value) => promptLink(value) !== undefined);

const nameOf = ({ classType, title, id }: PromptNode) =>
  title === undefined || title === classType ? `${classType} #${id}` : `${classType} "${title}" #${id}`;

function valueText(value: Json | undefined): string {
  if (value === undefined) return 'not there';
  const link = promptLink(value);
  if (link !== undefined) return `output ${link.slot} of #${link.node}`;
  return isNumber(value) ? sameNumberText(value) : canonicalJson(value);
}

/** `KSampler #3: steps 20 -> 30`. */
export function promptDifferenceText({ node, kind, input, before, after }: PromptDifference): string {
  if (kind === 'added' || kind === 'removed') return `${node}: ${kind}`;
  return kind === 'class' ? `${node}: ${before} -> ${after}` : `${node}: ${input} ${before} -> ${after}`;
}
