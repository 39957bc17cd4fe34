import { UsageError } from '../errors.js';
import { isExact, isNumber, type Json, type JsonObject, tryParseJson } from './json.js';
import { type Prompt, type PromptNode, promptLink } from './prompt.js';

/** One input of one node of a prompt. */
export interface Target {
  readonly node: string;
  readonly input: string;
}

/** What `[node.]input=value` asks for; the value is as typed. */
export interface Assignment {
  /** Left of the `=`. Node names and input names may both hold dots. */
  readonly place: string;
  readonly value: string;
}

/** @throws UsageError */
export function parseAssignment(text: string): Assignment {
  const at = text.indexOf('=');
  if (at > 0) return { place: text.slice(0, at), value: text.slice(at + 1) };
  throw new UsageError(`"${text}" sets nothing`, { hint: 'write [node.]input=value, such as --set 3.steps=30' });
}

/**
 * The one input that an assignment means: `steps`, or with a node's id, title or class before it: `3.steps`, `base.steps`, `KSampler.steps`.
 * @throws UsageError when none or several fit, with the candidates
 */
export function findTarget(prompt: Prompt, place: string): Target {
  const found = splits(place).flatMap(({ node, input }) => targetsOf(prompt, node, input));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1) {
    throw new UsageError(`"${place}" fits ${found.length} nodes`, { hint: `say which: ${listed(prompt, found)}` });
  }
  throw new UsageError(`no node has an input "${place}"`, { hint: nearby(prompt, place) });
}

/** Every way to read the place: the whole of it as an input, and each dot as the end of a node's name. */
function splits(place: string): { readonly node: string | undefined; readonly input: string }[] {
  const dots = [...place].flatMap((character, at) => (character === '.' ? [at] : []));
  const named = dots.map((at) => ({ node: place.slice(0, at), input: place.slice(at + 1) }));
  return [{ node: undefined, input: place }, ...named];
}

function targetsOf(prompt: Prompt, named: string | undefined, input: string): Target[] {
  const nodes = [...prompt.nodes.values()].filter((node) => node.inputs.has(input) && !isLinked(node, input));
  const byId = nodes.filter(({ id }) => id === named);
  const fitting = byId.length > 0 ? byId : nodes.filter((node) => named === undefined || isNamed(node, named));
  return fitting.map(({ id }) => ({ node: id, input }));
}

const isNamed = ({ title, classType }: PromptNode, name: string) => title === name || classType === name;

const isLinked = (node: PromptNode, input: string) => promptLink(node.inputs.get(input)) !== undefined;

function listed(prompt: Prompt, targets: readonly Target[]): string {
  return targets
    .slice(0, 8)
    .map(
      ({ node, input }) => `${node}.${input} (${prompt.nodes.get(node)?.title ?? prompt.nodes.get(node)?.classType})`,
    )
    .join(', ');
}

/** What could have been meant: inputs of the node that was named, else why the input cannot be set, else all names. */
function nearby(prompt: Prompt, place: string): string {
  for (const { node: named, input } of splits(place).reverse()) {
    const node = [...prompt.nodes.values()].find(
      (known) => known.id === named || (named !== undefined && isNamed(known, named)),
    );
    if (node === undefined) continue;
    const link = promptLink(node.inputs.get(input));
    if (link !== undefined) return `it comes from node ${link.node}: set that one's value`;
    const names = [...node.inputs.keys()].filter((name) => !isLinked(node, name));
    return `${node.classType} #${node.id} has: ${names.join(', ')}`;
  }
  return 'git comfy prompt <workflow> shows the nodes and their inputs';
}

/**
 * A typed value as the input wants it: a number where there was one (every digit kept), a truth value where there was one, else the text.
 * @throws UsageError
 */
export function valueFor(current: Json, typed: string): Json {
  if (!isNumber(current) && typeof current !== 'boolean') return typed;
  const value = tryParseJson(typed.trim());
  if (isNumber(current) && isNumber(value)) return value;
  if (typeof current === 'boolean' && typeof value === 'boolean') return value;
  const wanted =
    typeof current === 'boolean' ? 'true or false' : `a number, such as ${isExact(current) ? current.lexeme : current}`;
  throw new UsageError(`"${typed}" does not fit`, { hint: `this input takes ${wanted}` });
}

/** The prompt with another value in one place. */
export function withValue(prompt: JsonObject, { node, input }: Target, value: Json): JsonObject {
  const changed: JsonObject = new Map(prompt);
  const before = prompt.get(node);
  const inputs = before instanceof Map ? before.get('inputs') : undefined;
  if (!(before instanceof Map) || !(inputs instanceof Map)) return changed;
  return changed.set(node, new Map(before).set('inputs', new Map(inputs).set(input, value)));
}
