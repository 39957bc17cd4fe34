// What is told of runs whose loaders and samplers come from packs, so that no table knows their inputs.
import { expect, test } from 'vitest';
import type { Variable, VariableKey } from '../../src/lineage/account.js';
import { accountOf } from '../../src/lineage/completeness.js';
import type { RunRecord } from '../../src/lineage/record.js';
import type { Snapshot } from '../../src/lineage/snapshot.js';
import type { State } from '../../src/lineage/state.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';

const prompt = parseJson(`{
  "1": {"class_type": "PaintCheckpoint", "inputs": {"ckpt": "dream.safetensors"}},
  "2": {"class_type": "PaintLora", "inputs": {"model": ["1", 0], "style": "ink.safetensors", "strength_model": 0.8}},
  "3": {"class_type": "LoadImageOutput", "inputs": {"image": "ref.png [output]"}},
  "4": {"class_type": "PaintSampler", "inputs": {"model": ["2", 0], "positive": "a keeper", "negative": "blurry", "image": ["3", 0], "seed": 5}},
  "5": {"class_type": "SaveImage", "inputs": {"images": ["4", 0], "filename_prefix": "x"}}
}`) as JsonObject;
const snapshot: Snapshot = { snapshot: 1, prompt };
const digest = (digit: string) => `sha256:${digit.repeat(64)}` as const;

const state: State = {
  state: 1,
  models: new Map([
    ['checkpoints/dream.safetensors', { digest: digest('1') }],
    ['loras/ink.safetensors', { digest: digest('2') }],
  ]),
  packs: new Map(),
  inputs: new Map([['ref.png [output]', { digest: digest('3') }]]),
  classes: new Map(),
  environment: {},
};

const record: RunRecord = {
  record: 1,
  match: 'exact',
  outputs: [],
  seeds: {},
  snapshot: 'b'.repeat(64),
  captured: 'run',
  time: '2026-11-21T11:50:00.000Z',
};

const of = (key: VariableKey, from: readonly Variable[]) => from.find((variable) => variable.key === key);
const observed = accountOf({ record, snapshot, state });

test('a model that a pack loads is named once, in the folder where the run saw it', () => {
  expect(of('models', observed)?.values).toEqual([
    {
      text: 'checkpoints/dream.safetensors',
      node: 'PaintCheckpoint #1',
      digest: digest('1'),
      civitai: { AutoV2: '1'.repeat(10) },
    },
    { text: 'loras/ink.safetensors', node: 'PaintLora #2', digest: digest('2'), civitai: { AutoV2: '2'.repeat(10) } },
  ]);
  expect(of('checkpoint', observed)?.values).toMatchObject([{ text: 'dream.safetensors' }]);
  expect(of('loras', observed)?.values).toMatchObject([
    { text: '1. ink.safetensors  strength_model 0.8', digest: digest('2') },
  ]);
});

test('texts that stand in the sampler itself are told', () => {
  expect(of('positive', observed)?.values).toMatchObject([{ text: 'a keeper' }]);
  expect(of('negative', observed)?.values).toMatchObject([{ text: 'blurry' }]);
});

test('an input from the output folder is named once', () => {
  expect(of('inputs', observed)?.values).toEqual([{ text: 'ref.png [output]', digest: digest('3') }]);
});

test('where nothing tells what a file is, nobody says that there is no checkpoint', () => {
  const embedded = accountOf({ snapshot });
  expect(of('models', embedded)?.values.map(({ text }) => text)).toEqual(['dream.safetensors', 'ink.safetensors']);
  for (const key of ['checkpoint', 'loras', 'control'] as const) {
    expect(of(key, embedded)).toMatchObject({ values: [], notCaptured: expect.stringContaining('model files') });
  }
});

test("an input that is called as ComfyUI's own tells the folder", () => {
  const named = parseJson(
    `{"1": {"class_type": "Efficient Loader", "inputs": {"ckpt_name": "dream.safetensors", "lora_name_2": "ink.safetensors"}}}`,
  ) as JsonObject;
  const account = accountOf({ snapshot: { snapshot: 1, prompt: named } });
  expect(of('checkpoint', account)?.values).toMatchObject([{ text: 'dream.safetensors' }]);
  expect(of('loras', account)?.values).toMatchObject([{ text: '1. ink.safetensors' }]);
});

test('without any text there is one reason for both sides', () => {
  const plain = parseJson('{"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8}}}') as JsonObject;
  const account = accountOf({ snapshot: { snapshot: 1, prompt: plain } });
  expect(new Set((['positive', 'negative'] as const).map((key) => of(key, account)?.notCaptured)).size).toBe(1);
});
