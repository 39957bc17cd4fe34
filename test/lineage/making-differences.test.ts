import { expect, test } from 'vitest';
import { makingDifferences } from '../../src/lineage/making-differences.js';
import type { State } from '../../src/lineage/state.js';
import { noDependencies } from '../../src/lineage/state-document.js';
import { paintPrompt } from '../support/simulated.js';

const lora = (model: unknown, name: string) => ({
  class_type: 'LoraLoaderModelOnly',
  inputs: { model, lora_name: name, strength_model: 1 },
});

const making = (first: string, second: string, more: object = {}, state?: Partial<State>) => ({
  snapshot: {
    snapshot: 1 as const,
    prompt: paintPrompt({ '1': lora(['4', 0], first), '2': lora(['1', 0], second), ...more }),
  },
  ...(state === undefined ? {} : { state: { state: 1 as const, ...noDependencies, environment: {}, ...state } }),
});

const kinds = (a: ReturnType<typeof making>, b: ReturnType<typeof making>) =>
  makingDifferences(a, b).map(({ kind }) => kind);

test('what decides most comes first', () => {
  const before = making('a', 'b', {}, { environment: { python: '3.11' }, packs: new Map([['P', { commit: 'a' }]]) });
  const after = making(
    'a',
    'c',
    {
      '5': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 128, batch_size: 1 } },
      '20': { class_type: 'Note', inputs: {} },
    },
    { environment: { python: '3.12' }, packs: new Map([['P', { commit: 'b' }]]) },
  );
  expect(kinds(before, after)).toEqual(['graph', 'values', 'models', 'packs', 'environment']);
});

test('the same LoRAs in another order are named as that', () => {
  const differences = makingDifferences(
    making('a.safetensors', 'b.safetensors'),
    making('b.safetensors', 'a.safetensors'),
  );
  expect(differences.at(-1)).toEqual({
    kind: 'loras',
    text: 'order of LoRAs: a.safetensors, b.safetensors -> b.safetensors, a.safetensors',
  });
});

test('what only one of them captured says nothing', () => {
  expect(kinds(making('a', 'b', {}, { environment: { python: '3.11' } }), making('a', 'b'))).toEqual([]);
});
