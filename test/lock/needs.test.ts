import { expect, test } from 'vitest';
import type { Lock } from '../../src/lock/entries.js';
import { emptyLock } from '../../src/lock/lockfile.js';
import { needsOf, needsOfEntries, uniteNeeds } from '../../src/lock/needs.js';
import { settleGuesses } from '../../src/lock/settle-guesses.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { parseJson } from '../../src/workflow/json.js';
import { readPrompt } from '../../src/workflow/prompt.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';
import { checkpoint, image, lora, promptOf } from '../support/comfy-project.js';

const source = (...nodes: Parameters<typeof promptOf>) => readPrompt(parseJson(promptOf(...nodes)));
const needs = (...nodes: Parameters<typeof promptOf>) => needsOf(new Map([['w.json', source(...nodes)]]));

test('models, inputs and classes of a workflow, each once and sorted', () => {
  const found = needs(lora('b.safetensors'), lora('a\\x.safetensors'), lora('b.safetensors'), image('p.png'));
  expect(found.workflows.get('w.json')).toEqual({
    models: ['loras/a/x.safetensors', 'loras/b.safetensors'],
    inputs: ['p.png'],
    classes: ['LoadImage', 'LoraLoaderModelOnly'],
  });
});

test('an output that is read is one of its own, what is in the temp folder is not locked', () => {
  const found = needs(image('a.png [output]'), image('b.png [temp]'), image('c.png [input]'));
  expect([...found.inputs]).toEqual(['a.png [output]', 'c.png']);
});

test('names that leave their folder are nobody to lock', () => {
  const found = needs(checkpoint('/abs.safetensors'), checkpoint('../up.safetensors'), image('C:\\x.png'));
  expect(found.models.size + found.inputs.size).toBe(0);
});

test('a model of an unknown class is a guess', () => {
  expect([...needs(['Mystery', { file: 'x.safetensors' }]).models]).toEqual([
    ['unknown/x.safetensors', { guess: true }],
  ]);
});

test("the lock's folder counts for a guess", () => {
  const lock: Lock = { ...emptyLock, models: new Map([['ultralytics/x.pt', { digest: 'missing' }]]) };
  const settled = settleGuesses(needs(['Mystery', { file: 'x.pt' }]), lock);
  expect([...settled.models.keys()]).toEqual(['ultralytics/x.pt']);
  expect(settled.workflows.get('w.json')?.models).toEqual(['ultralytics/x.pt']);
});

test('what another workflow says of a model counts for a guess, and the lock that comes of it says the same', () => {
  const both = needsOf(
    new Map([
      ['a.json', source(['Mystery', { file: 'x.safetensors' }])],
      ['b.json', source(lora('x.safetensors'), checkpoint('x.safetensors'))],
    ]),
  );
  const settled = settleGuesses(both, emptyLock);
  expect([...settled.models]).toEqual([
    ['checkpoints/x.safetensors', { guess: false }],
    ['loras/x.safetensors', { guess: false }],
  ]);
  const models = new Map([...settled.models.keys()].map((key) => [key, { digest: 'missing' as const }]));
  const alone = needsOf(new Map([['a.json', source(['Mystery', { file: 'x.safetensors' }])]]));
  const again = settleGuesses(alone, { ...emptyLock, models });
  expect(again.workflows.get('a.json')).toEqual(settled.workflows.get('a.json'));
});

test('united needs are those of both, and certain where one is', () => {
  const a = needs(checkpoint('a.safetensors'), image('a.png'));
  const b = needs(checkpoint('b.safetensors'), checkpoint('a.safetensors'));
  const both = uniteNeeds(a, b);
  expect(both.workflows.get('w.json')?.models).toEqual(['checkpoints/a.safetensors', 'checkpoints/b.safetensors']);
  expect([...both.inputs]).toEqual(['a.png']);
  const guess = { ...a, models: new Map([['checkpoints/a.safetensors', { guess: true }]]) };
  expect(uniteNeeds(guess, b).models.get('checkpoints/a.safetensors')).toEqual({ guess: false });
});

test('a lock needs what it has', () => {
  const lock: Lock = {
    ...emptyLock,
    inputs: new Map([['p.png', { digest: 'missing' }]]),
    packs: new Map([['Impact', { commit: '1'.repeat(40) }]]),
  };
  expect([...needsOfEntries(lock).inputs]).toEqual(['p.png']);
  expect([...needsOfEntries(lock).packs]).toEqual(['Impact']);
});

test('a model that no widget takes up where the interface is another is needed all the same, as a guess', () => {
  const node = {
    id: 1,
    type: 'VAELoader',
    inputs: [],
    outputs: [],
    widgets_values: [7, 'a.safetensors'],
  };
  const graph = readWorkflow(parseJson(JSON.stringify({ nodes: [node], links: [] })));
  const input = { required: { vae_name: [['x'], {}] } };
  const info = readObjectInfo(parseJson(JSON.stringify({ VAELoader: { input, python_module: 'nodes' } })));
  const found = needsOf(new Map([['w.json', graph]]), { info });
  expect([...found.models].map(([key, { guess }]) => `${key} ${guess}`)).toEqual(['unknown/a.safetensors true']);
});

test('an input is a guess while nobody is certain of it', () => {
  const guess = needs(['LayerUtility: LoadPSD', { image: 'x.psd' }]);
  const certain = needs(image('x.psd'));
  expect([...(guess.guessedInputs ?? [])]).toEqual(['x.psd']);
  expect([...(uniteNeeds(guess, certain).guessedInputs ?? [])]).toEqual([]);
  expect([...(uniteNeeds(guess, guess).guessedInputs ?? [])]).toEqual(['x.psd']);
  expect([...(needs(['LayerUtility: LoadPSD', { image: 'x.psd' }], image('x.psd')).guessedInputs ?? [])]).toEqual([]);
});
