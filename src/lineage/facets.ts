import { decidesModels } from '../workflow/decides-models.js';
import { isNumber, writeJson } from '../workflow/json.js';
import { readParameters } from '../workflow/parameters.js';
import { type Prompt, readPrompt } from '../workflow/prompt.js';
import { usedModels } from './prompt-models.js';
import { textsOf } from './prompt-texts.js';
import { plainText } from './prompt-values.js';
import type { Snapshot } from './snapshot.js';
import type { State } from './state.js';

/** What of a run people ask for, taken out of its snapshot and state once and for all: those never change. */
export interface Facets {
  /** Keys `<folder>/<name>` of the model files that ran. */
  readonly models: readonly string[];
  /** SHA-256 (64 hex digits) of those that were captured. */
  readonly digests: readonly string[];
  readonly packs: readonly string[];
  /** Texts that reached the positive and the negative side. */
  readonly positive: readonly string[];
  readonly negative: readonly string[];
  /** Values by the name of their input, of all nodes, each once: numbers and short texts. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

/** Longer texts are prompts and notes; the first are searched as such, nobody filters by the others. */
const longestValue = 200;

export const facetsOf = (snapshot: Snapshot, state?: State): Facets => facetMaker()(snapshot, state);

/** So many different sets of models are remembered: what runs in turns mostly has a few. */
const mostKnown = 50;

/** As `facetsOf`, for many in a row: runs after each other mostly differ in their numbers and texts, and which models they use is found once. */
export function facetMaker(): typeof facetsOf {
  const known = new Map<string, string[]>();
  const modelsOf = (prompt: Prompt, state: State | undefined) => {
    const deciding = `${modelKeysOf(state)}\n${decidingIn(prompt)}`;
    const before = known.get(deciding);
    if (before !== undefined) return before;
    const models = [...new Set(usedModels(prompt, state?.models.keys()).map(({ key }) => key))];
    if (known.size === mostKnown) known.clear();
    known.set(deciding, models);
    return models;
  };
  return (snapshot, state) => {
    const prompt = readPrompt(snapshot.prompt);
    return facetsWith(modelsOf(prompt, state), prompt, snapshot, state);
  };
}

const keysOfStates = new WeakMap<State, string>();

/** A state is one of few, and has hundreds of models. */
function modelKeysOf(state: State | undefined): string {
  if (state === undefined) return '';
  const keys = keysOfStates.get(state) ?? JSON.stringify([...state.models.keys()]);
  keysOfStates.set(state, keys);
  return keys;
}

/** Everything of a prompt that its models, and their order, depend on. */
function decidingIn({ nodes }: Prompt): string {
  let text = '';
  for (const { id, classType, inputs } of nodes.values()) {
    text += `\n${JSON.stringify([id, classType])}`;
    for (const [name, value] of inputs)
      if (decidesModels(classType, name, value)) text += `${name} ${writeJson(value)}`;
  }
  return text;
}

function facetsWith(models: readonly string[], prompt: Prompt, snapshot: Snapshot, state?: State): Facets {
  const digests = [...models.flatMap((key) => digestsOf(state, key)), ...hashesIn(snapshot)];
  return {
    models,
    digests,
    packs: [...(state?.packs.keys() ?? [])],
    positive: textsOf(prompt, 'positive').map(({ text }) => text),
    negative: textsOf(prompt, 'negative').map(({ text }) => text),
    values: valuesByInput(prompt),
  };
}

/** What another program wrote of a model: the first digits of its SHA-256. */
function hashesIn({ parameters = '' }: Snapshot): string[] {
  const hash = readParameters(parameters)?.values.get('model hash');
  return hash !== undefined && /^[0-9a-f]{8,64}$/i.test(hash) ? [hash.toLowerCase()] : [];
}

function digestsOf(state: State | undefined, key: string): string[] {
  const { digest = '', tensors = '' } = state?.models.get(key) ?? {};
  // Both: Civitai's AutoV2 are the first digits of the one, its AutoV3 those of the other.
  return [digest, tensors].flatMap((text) => (text.startsWith('sha256:') ? [text.slice('sha256:'.length)] : []));
}

function valuesByInput(prompt: Prompt): Record<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { inputs } of prompt.nodes.values()) {
    for (const [name, value] of inputs) {
      if (!isNumber(value) && typeof value !== 'string' && typeof value !== 'boolean') continue;
      const text = plainText(value);
      if (text.length > longestValue) continue;
      const there = found.get(name);
      if (there === undefined) found.set(name, [text]);
      else if (!there.includes(text)) there.push(text);
    }
  }
  return Object.fromEntries(found);
}
