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

/** As `facetsOf`, for many in a row: runs after each other mostly differ in their numbers, and which models they use is found once. */
export function facetMaker(): typeof facetsOf {
  let last: { readonly names: string; readonly state: State | undefined; readonly models: string[] } | undefined;
  const modelsOf = (prompt: Prompt, state: State | undefined) => {
    const names = namesIn(prompt);
    if (last?.names !== names || last.state !== state) {
      const models = [...new Set(usedModels(prompt, state?.models.keys()).map(({ key }) => key))];
      last = { names, state, models };
    }
    return last.models;
  };
  return (snapshot, state) => {
    const prompt = readPrompt(snapshot.prompt);
    return facetsWith(modelsOf(prompt, state), prompt, snapshot, state);
  };
}

/** Everything of a prompt but its numbers. */
function namesIn({ nodes }: Prompt): string {
  let names = '';
  for (const { id, classType, inputs } of nodes.values()) {
    names += `\n${id} ${classType}`;
    for (const [name, value] of inputs) names += ` ${name} ${isNumber(value) ? '' : writeJson(value)}`;
  }
  return names;
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
  const found = new Map<string, Set<string>>();
  for (const { inputs } of prompt.nodes.values()) {
    for (const [name, value] of inputs) {
      if (!isNumber(value) && typeof value !== 'string' && typeof value !== 'boolean') continue;
      const text = plainText(value);
      if (text.length > longestValue) continue;
      const there = found.get(name);
      if (there === undefined) found.set(name, new Set([text]));
      else there.add(text);
    }
  }
  return Object.fromEntries([...found].map(([name, texts]) => [name, [...texts]]));
}
