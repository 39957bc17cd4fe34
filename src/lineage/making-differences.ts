import { type Prompt, readPrompt } from '../workflow/prompt.js';
import { type PromptDifference, promptDifferences, promptDifferenceText } from '../workflow/prompt-differences.js';
import { inputReferences, modelReferences } from '../workflow/references.js';
import { usedModels } from './prompt-models.js';
import type { Snapshot } from './snapshot.js';
import type { State } from './state.js';
import { stateDifferences } from './state-differences.js';

/** What differs in how two outputs were made, by what it decides: the first most of all. */
export const differenceKinds = [
  'graph',
  'values',
  'models',
  'loras',
  'inputs',
  'packs',
  'comfyui',
  'environment',
] as const;

export interface MakingDifference {
  readonly kind: (typeof differenceKinds)[number];
  readonly text: string;
}

/** How an output was made, as far as it is known. */
export interface Making {
  readonly snapshot: Snapshot;
  readonly state?: State | undefined;
}

/** What differs in how two outputs were made, most important first: what neither captured, or only one of them, says nothing. */
export function makingDifferences(before: Making, after: Making): MakingDifference[] {
  const [a, b] = [readPrompt(before.snapshot.prompt), readPrompt(after.snapshot.prompt)];
  const found = [...inPrompts(a, b), ...inLoraOrder(a, b), ...inStates(before.state, after.state)];
  return differenceKinds.flatMap((kind) => found.filter((one) => one.kind === kind));
}

function inPrompts(before: Prompt, after: Prompt): MakingDifference[] {
  const files = new Map([...filesIn(before), ...filesIn(after)]);
  return promptDifferences(before, after).map((one) => ({ kind: kindOf(one, files), text: promptDifferenceText(one) }));
}

function kindOf({ kind, id, input, wired }: PromptDifference, files: ReadonlyMap<string, 'models' | 'inputs'>) {
  if (kind !== 'input' || wired === true) return 'graph';
  return files.get(`${id} ${input}`) ?? 'values';
}

/** Inputs of nodes that name a model or an input file. */
function filesIn(prompt: Prompt): Map<string, 'models' | 'inputs'> {
  const models = modelReferences(prompt).map(({ node, input }) => [`${node} ${input}`, 'models'] as const);
  const inputs = inputReferences(prompt).map(({ node, input }) => [`${node} ${input}`, 'inputs'] as const);
  return new Map([...inputs, ...models]);
}

/** The same LoRAs one after the other in another order make another picture. */
function inLoraOrder(before: Prompt, after: Prompt): MakingDifference[] {
  const [a, b] = [before, after].map((prompt) =>
    usedModels(prompt).flatMap(({ folder, name }) => (folder === 'loras' ? [name] : [])),
  ) as [string[], string[]];
  const same = [...a].sort().join('\n') === [...b].sort().join('\n');
  if (!same || a.join('\n') === b.join('\n')) return [];
  return [{ kind: 'loras', text: `order of LoRAs: ${a.join(', ')} -> ${b.join(', ')}` }];
}

const inStates = (before: State | undefined, after: State | undefined): MakingDifference[] =>
  before === undefined || after === undefined
    ? []
    : stateDifferences(before, after).map(({ kind, subject, before: was, after: is }) => ({
        kind,
        text: `${subject}: ${was} -> ${is}`,
      }));
