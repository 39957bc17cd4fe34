import fc from 'fast-check';
import { expect, test } from 'vitest';
import { facetMaker, facetsOf } from '../../src/lineage/facets.js';
import { noDependencies } from '../../src/lineage/state-document.js';
import { fromPlain, type JsonObject } from '../../src/workflow/json.js';

const link = fc.constantFrom('1', '2', '3').map((node) => [node, 0]);
const text = fc.constantFrom(
  'a fox',
  'a fox <lora:ink:1>',
  'fox.safetensors',
  'sub/ink.pt',
  'off',
  'taesd',
  'none',
  '',
);
const row = fc.record({ on: fc.boolean(), name: text, strength: fc.constantFrom(1, 0.5) });

const inputs = fc.dictionary(
  fc.constantFrom(
    'ckpt_name',
    'vae_name',
    'lora_name_1',
    'lora_name_2',
    'lora_count',
    'switch_1',
    'text',
    'model',
    'a',
  ),
  fc.oneof(text, fc.constantFrom(0, 1, 2), fc.boolean(), link, fc.array(row, { maxLength: 2 }), row),
  { maxKeys: 5 },
);
const node = fc.record({
  class_type: fc.constantFrom(
    'CheckpointLoaderSimple',
    'VAELoader',
    'LoRA Stacker',
    'Lora Loader (X)',
    'CLIPTextEncode',
  ),
  inputs,
});
const prompt = fc.dictionary(fc.constantFrom('1', '2', '3'), node, { minKeys: 1 });
const states = [[], ['loras/fox.safetensors'], ['vae/fox.safetensors', 'loras/sub/ink.pt']].map((keys) => ({
  ...noDependencies,
  state: 1 as const,
  environment: {},
  models: new Map(keys.map((key) => [key, { digest: 'unhashed' as const }])),
}));

/** What differs between two runs is mostly one value. */
const runs = fc
  .tuple(prompt, fc.array(fc.tuple(fc.constantFrom('1', '2', '3'), inputs, fc.nat(3)), { maxLength: 6 }))
  .map(([first, changes]) =>
    changes.map(([id, changed, state]) => {
      const before = first[id] ?? { class_type: 'LoRA Stacker', inputs: {} };
      return {
        prompt: { ...first, [id]: { ...before, inputs: { ...before.inputs, ...changed } } },
        state: states[state],
      };
    }),
  );

test('facets of many runs in a row are those of each alone', () => {
  fc.assert(
    fc.property(runs, (all) => {
      const make = facetMaker();
      for (const one of all) {
        const snapshot = { snapshot: 1 as const, prompt: fromPlain(one.prompt) as JsonObject };
        expect(make(snapshot, one.state)).toEqual(facetsOf(snapshot, one.state));
      }
    }),
    { numRuns: 300 },
  );
});

test('what switches the rows of a stack decides its models', () => {
  const make = facetMaker();
  const models = (switches: Readonly<Record<string, number | string>>) => {
    const rows = { lora_name_1: 'a.safetensors', lora_name_2: 'b.safetensors', ...switches };
    const json = fromPlain({ 1: { class_type: 'LoRA Stacker', inputs: rows } }) as JsonObject;
    return make({ snapshot: 1, prompt: json }).models.map((key) => key.slice('loras/'.length, -'.safetensors'.length));
  };
  const switches = [{ lora_count: 1 }, { lora_count: 2 }, { switch_1: 'on' }, { switch_1: 'off' }];
  expect(switches.map(models)).toEqual([['a'], ['a', 'b'], ['a', 'b'], ['b']]);
});
