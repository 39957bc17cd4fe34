import { type Prompt, type PromptNode, promptLink } from '../workflow/prompt.js';
import { type PromptValue, resolved } from './prompt-values.js';

export type Side = 'positive' | 'negative';

/** Inputs in which text encoders of ComfyUI and of well-known packs take their text. */
const textInputs = [
  'text',
  'text_g',
  'text_l',
  'clip_l',
  'clip_g',
  't5xxl',
  'llama',
  'bert',
  'mt5xl',
  'prompt',
  'tags',
  'lyrics',
];

/** Inputs that lead on to a conditioning; everything else (models, pictures, latents) says nothing about the text. */
const conditioning = /^(?:conditioning.*|cond.*|positive|negative|text.*|prompt.*)$/;

/**
 * The texts that reach the positive or negative side of what samples (samplers, guiders), each once, in the order in which they are met. A guider
 * with one `conditioning` has a positive side only.
 */
export function textsOf(prompt: Prompt, side: Side): PromptValue[] {
  const found = new Map<string, PromptValue>();
  const seen = new Set<string>();
  const queue = [...prompt.nodes.values()].filter(samples).flatMap((node) => startsOf(node, side));
  for (let link = queue.shift(); link !== undefined; link = queue.shift()) {
    const node = prompt.nodes.get(link.node);
    const key = `${link.node} ${link.slot}`;
    if (node === undefined || seen.has(key)) continue;
    seen.add(key);
    const texts = textInputs.flatMap((name) => {
      const value = node.inputs.get(name);
      return value === undefined ? [] : [{ name, value: resolved(prompt, node, value) }];
    });
    for (const { name, value } of texts) found.set(`${node.id} ${name}`, value);
    if (texts.length === 0) queue.push(...onwards(node, link.slot));
  }
  return found.size > 0 ? [...found.values()] : ownTexts(prompt, side);
}

/** Samplers and loaders of packs may hold the text themselves. */
function ownTexts(prompt: Prompt, side: Side): PromptValue[] {
  const names = [side, `${side}_prompt`, `${side}_text`, `prompt_${side}`, `text_${side}`];
  return [...prompt.nodes.values()].flatMap((node) =>
    names.flatMap((name) => {
      const value = node.inputs.get(name);
      return typeof value === 'string' ? [resolved(prompt, node, value)] : [];
    }),
  );
}

interface Link {
  readonly node: string;
  readonly slot: number;
}

/** What consumes a conditioning and makes a latent or a guider, not another conditioning. */
const samples = ({ inputs, classType }: PromptNode) =>
  (promptLink(inputs.get('positive')) !== undefined && promptLink(inputs.get('model')) !== undefined) ||
  (/guider|sampler/i.test(classType) && promptLink(inputs.get('conditioning')) !== undefined);

function startsOf({ inputs }: PromptNode, side: Side): Link[] {
  const names = side === 'positive' ? ['positive', 'conditioning'] : ['negative'];
  return names.flatMap((name) => promptLink(inputs.get(name)) ?? []);
}

/** A node with both sides (ControlNet) hands each of them on in the slot of the same order. */
function onwards({ inputs }: PromptNode, slot: number): Link[] {
  const both = [promptLink(inputs.get('positive')), promptLink(inputs.get('negative'))];
  if (both[0] !== undefined && both[1] !== undefined) return [both[slot === 1 ? 1 : 0] as Link];
  return [...inputs].flatMap(([name, value]) => (conditioning.test(name) ? (promptLink(value) ?? []) : []));
}
