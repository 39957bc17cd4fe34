import { createHash } from 'node:crypto';
import { InputError } from '../errors.js';
import { sameNumbers, sameNumberText } from './exact-number.js';
import {
  byCodePoint,
  canonicalJson,
  isArray,
  isNumber,
  isObject,
  type Json,
  type JsonObject,
  toDouble,
} from './json.js';

/** A prompt in API format: what ComfyUI executes. */
export interface Prompt {
  readonly source: JsonObject;
  readonly nodes: ReadonlyMap<string, PromptNode>;
}

export interface PromptNode {
  readonly id: string;
  readonly classType: string;
  /** By input name: a value, or a link `[node id, output slot]`. */
  readonly inputs: JsonObject;
  readonly title: string | undefined;
}

/** Added to nodes without links so that the server's cache does not answer; never part of a prompt's identity. */
export const nonceInput = '_git_comfy_nonce';

/**
 * Reads a prompt; the wrapper `{"prompt": {...}}` of a request is unwrapped.
 * @throws InputError `not-a-prompt`
 */
export function readPrompt(json: Json): Prompt {
  const inner = isObject(json) && isObject(json.get('prompt')) ? json.get('prompt') : json;
  const nodes = new Map<string, PromptNode>();
  for (const [id, value] of isObject(inner) ? inner : []) {
    const inputs = isObject(value) ? value.get('inputs') : undefined;
    const classType = isObject(value) ? value.get('class_type') : undefined;
    if (!isObject(value) || !isObject(inputs) || typeof classType !== 'string') throw notAPrompt();
    const meta = value.get('_meta');
    const title = isObject(meta) ? meta.get('title') : undefined;
    nodes.set(id, { id, classType, inputs, title: typeof title === 'string' ? title : undefined });
  }
  if (!isObject(inner) || nodes.size === 0) throw notAPrompt();
  return { source: inner, nodes };
}

const notAPrompt = () =>
  new InputError('not-a-prompt', 'this is not a ComfyUI prompt: nodes with class_type and inputs are missing', {
    hint: 'in ComfyUI, "Export (API)" writes one',
  });

/** The origin `[node id, output slot]` of a linked input, by the server's own rule; `undefined` for a plain value. */
export function promptLink(value: Json | undefined): { readonly node: string; readonly slot: number } | undefined {
  if (!isArray(value) || value.length !== 2) return undefined;
  const [node, slot] = [value[0], toDouble(value[1])];
  return typeof node === 'string' && slot !== undefined ? { node, slot } : undefined;
}

/**
 * A copy of the prompt without what the server or we added to it: `is_changed`, and our nonce.
 * A prompt that is queued again with `is_changed` in it would make the server trust the stored value.
 */
export function withoutVolatile(promptJson: JsonObject): JsonObject {
  return new Map([...promptJson].map(([id, node]) => [id, isObject(node) ? cleanNode(node) : node]));
}

function cleanNode(node: JsonObject): JsonObject {
  const cleaned: JsonObject = new Map([...node].filter(([key]) => key !== 'is_changed'));
  const inputs = cleaned.get('inputs');
  if (isObject(inputs)) cleaned.set('inputs', new Map([...inputs].filter(([key]) => key !== nonceInput)));
  return cleaned;
}

/**
 * SHA-256 (64 hex digits) of what a prompt computes: classes and inputs by node id. Titles, `is_changed` and our nonce do not count,
 * and the server's spelling of a number (`7.0` for `7`) is the same number.
 */
export function promptIdentity(prompt: Prompt): string {
  const nodes = [...withoutVolatile(prompt.source)].sort(([a], [b]) => byCodePoint(a, b));
  const hash = createHash('sha256');
  for (const [id, node] of nodes) {
    const [classType, inputs] = isObject(node)
      ? [node.get('class_type') ?? null, node.get('inputs') ?? null]
      : [null, null];
    hash.update(`${canonicalJson([id, classType, sameNumbers(inputs)])}\n`);
  }
  return hash.digest('hex');
}

/**
 * Every seed of a prompt by `<node id>.<input>`, as exact text: inputs named `seed` or `noise_seed` that hold a number, and
 * the value of a node that hands a number on to such an input (PrimitiveInt).
 */
export function seedsOf(prompt: Prompt): Record<string, string> {
  const seeds: Record<string, string> = {};
  for (const node of prompt.nodes.values()) {
    for (const [name, value] of node.inputs) {
      if (!isSeedName(name)) continue;
      const origin = prompt.nodes.get(promptLink(value)?.node ?? '');
      const number = origin === undefined ? value : origin.inputs.get('value');
      if (isNumber(number))
        seeds[origin === undefined ? `${node.id}.${name}` : `${origin.id}.value`] = sameNumberText(number);
    }
  }
  return seeds;
}

/** `seed`, `noise_seed`, also as a member of a dynamic input (`sampler.seed`). */
export const isSeedName = (name: string): boolean => /^(?:.*\.)?(?:noise_)?seed$/.test(name);
