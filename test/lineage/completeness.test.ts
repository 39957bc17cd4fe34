import { expect, test } from 'vitest';
import type { Variable, VariableKey } from '../../src/lineage/account.js';
import { checklistOf } from '../../src/lineage/checklist.js';
import { accountOf } from '../../src/lineage/completeness.js';
import type { RunRecord } from '../../src/lineage/record.js';
import type { Snapshot } from '../../src/lineage/snapshot.js';
import type { State } from '../../src/lineage/state.js';
import { variableTable } from '../../src/lineage/variable.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';

/** Two LoRAs in a chain (the file has them the other way round), a ControlNet, an external VAE, a seed from a primitive. */
const prompt = parseJson(`{
  "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0], "filename_prefix": "x"}},
  "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["12", 0]}},
  "12": {"class_type": "VAELoader", "inputs": {"vae_name": "kl.safetensors"}},
  "3": {"class_type": "KSampler", "_meta": {"title": "base"}, "inputs": {"seed": ["20", 0], "steps": 20, "cfg": 7.5, "sampler_name": "euler",
    "scheduler": "normal", "denoise": 0.6, "model": ["11", 0], "positive": ["14", 0], "negative": ["14", 1], "latent_image": ["15", 0]}},
  "20": {"class_type": "PrimitiveInt", "inputs": {"value": 18446744073709551615}},
  "15": {"class_type": "VAEEncode", "inputs": {"pixels": ["16", 0], "vae": ["12", 0]}},
  "16": {"class_type": "LoadImage", "inputs": {"image": "sub/ref.png"}},
  "14": {"class_type": "ControlNetApplyAdvanced", "inputs": {"positive": ["6", 0], "negative": ["7", 0], "control_net": ["13", 0], "image": ["17", 0],
    "strength": 0.8, "start_percent": 0, "end_percent": 0.5}},
  "17": {"class_type": "Canny", "inputs": {"image": ["16", 0], "low_threshold": 0.4, "high_threshold": 0.8}},
  "13": {"class_type": "ControlNetLoader", "inputs": {"control_net_name": "pose.safetensors"}},
  "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["30", 0], "clip": ["11", 1]}},
  "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry, embedding:bad:1.2", "clip": ["11", 1]}},
  "30": {"class_type": "WildcardProcessor", "inputs": {"wildcard_text": "__animal__", "populated_text": "a cat"}},
  "11": {"class_type": "LoraLoader", "inputs": {"lora_name": "second.safetensors", "strength_model": 0.5, "strength_clip": 1, "model": ["10", 0], "clip": ["10", 1]}},
  "10": {"class_type": "LoraLoader", "inputs": {"lora_name": "ink\\\\first.safetensors", "strength_model": 0.8, "strength_clip": 0.7, "model": ["4", 0], "clip": ["4", 1]}},
  "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "dream.safetensors"}}
}`) as JsonObject;

const snapshot: Snapshot = { snapshot: 1, prompt, executed: ['4', '10', '11'], cached: [] };

const digest = (digit: string) => `sha256:${digit.repeat(64)}` as const;

const state: State = {
  state: 1,
  comfyui: { commit: 'c'.repeat(40), version: '0.8.0', dirty: digest('e') },
  models: new Map([
    ['checkpoints/dream.safetensors', { digest: digest('1') }],
    ['loras/ink/first.safetensors', { digest: digest('2') }],
    ['loras/second.safetensors', { digest: 'unhashed', size: 3 }],
    ['embeddings/bad.pt', { digest: digest('4') }],
  ]),
  packs: new Map([['wildcards', { notCaptured: 'it is no git repository' }]]),
  inputs: new Map([['sub/ref.png', { digest: digest('5') }]]),
  classes: new Map(),
  environment: { comfyui: '0.8.0', python: '3.11.7', devices: ['cpu'], vramTotal: 2 ** 33, arguments: [] },
};

const record: RunRecord = {
  record: 1,
  match: 'exact',
  outputs: [{ name: 'x_00001_.png', sha256: 'a'.repeat(64), bytes: 3, node: '9', index: 0, width: 64, height: 48 }],
  seeds: {},
  snapshot: 'b'.repeat(64),
  captured: 'run',
  time: '2026-11-21T11:50:00.000Z',
};

const [output] = record.outputs;
const account = accountOf({ record, snapshot, state, ...(output === undefined ? {} : { output }) });
const of = (key: VariableKey, from: readonly Variable[] = account) => from.find((variable) => variable.key === key);
const texts = (key: VariableKey) => of(key)?.values.map(({ text }) => text);

test('every variable of the table is there once, in its order', () => {
  expect(account.map(({ key }) => key).sort()).toEqual(Object.keys(variableTable).sort());
});

test('LoRAs come in the order in which they are applied, with strengths and hashes', () => {
  expect(of('loras')?.values).toMatchObject([
    { text: '1. ink/first.safetensors  strength_model 0.8  strength_clip 0.7', digest: digest('2') },
    {
      text: '2. second.safetensors  strength_model 0.5  strength_clip 1',
      notCaptured: 'the file had not been hashed yet',
    },
  ]);
});

test('a seed from another node is resolved, with every digit', () => {
  expect(of('seed')?.values).toEqual([{ text: '18446744073709551615', node: 'KSampler "base" #3' }]);
});

test('both texts are found behind a ControlNet, a wildcard as it was resolved', () => {
  expect(texts('positive')).toEqual(['a cat']);
  expect(texts('negative')).toEqual(['blurry, embedding:bad:1.2']);
});

test('sampler settings, ControlNet settings and the VAE are told', () => {
  expect([texts('cfg'), texts('steps'), texts('denoise')]).toEqual([['7.5'], ['20'], ['0.6']]);
  expect(texts('control')).toEqual([
    'pose.safetensors',
    'ControlNetApplyAdvanced  strength 0.8  start_percent 0  end_percent 0.5',
    'Canny  low_threshold 0.4  high_threshold 0.8',
  ]);
  expect(texts('vae')).toEqual(['external, from VAELoader #12']);
});

test('embeddings inside the text and input files have their hashes', () => {
  expect(of('embeddings')?.values).toEqual([{ text: 'bad', digest: digest('4') }]);
  expect(of('inputs')?.values).toEqual([{ text: 'sub/ref.png', digest: digest('5') }]);
});

test('a pack without a commit says why, an edited ComfyUI says so', () => {
  expect(of('packs')?.values).toEqual([{ text: 'wildcards', notCaptured: 'it is no git repository' }]);
  expect(of('comfyui')?.values).toEqual([{ text: '0.8.0, edited locally', digest: 'c'.repeat(40) }]);
});

test('what the server alone cannot tell is named as missing', () => {
  for (const key of ['driver', 'determinism', 'tokenizer', 'packages'] as const) {
    expect(of(key)?.notCaptured).toContain('capture pack');
  }
});

test('an output taken in later never has hashes', () => {
  const later = accountOf({ record: { ...record, captured: 'embedded' }, snapshot });
  expect(
    of('models', later)?.values.every(
      ({ digest: hash, notCaptured }) => hash === undefined && notCaptured !== undefined,
    ),
  ).toBe(true);
  expect(of('positive', later)).toMatchObject({ origin: 'embedded data' });
});

test('a run from the cache of nobody knows when says that', () => {
  const cached = accountOf({ record: { ...record, fromCache: true }, snapshot });
  expect(of('comfyui', cached)?.notCaptured).toContain('from its cache');
});

test('without a prompt nothing is made up', () => {
  const empty = accountOf({ record });
  expect(of('seed', empty)?.notCaptured).toBe('the prompt that ran is not known here');
});

test('the checklist has its nine steps, each answered', () => {
  const steps = checklistOf(account, 'workflows/a.json at abc');
  expect(steps.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const { text, variables } of steps) expect(text !== undefined || variables.length > 0).toBe(true);
});

test('a prompt that is one chain of 20,000 nodes is read', () => {
  const chain: JsonObject = new Map();
  for (let id = 0; id < 20_000; id++) {
    chain.set(String(id), parseJson(`{"class_type":"X","inputs":{"model":["${id + 1}",0]}}`));
  }
  expect(accountOf({ snapshot: { snapshot: 1, prompt: chain } }).length).toBeGreaterThan(0);
});

test('what the capture pack told of the machine is shown as its own, packages with one digest for all', () => {
  const environment = {
    ...state.environment,
    ...{
      pack: '1.0.0',
      torch: '2.9.1',
      devices: ['cuda:0 RTX'],
      driver: 'NVIDIA 570.86',
      cuda: '12.8',
      cpu: 'EPYC',
      system: 'Linux-6.1',
    },
    packages: { torch: '2.9.1', numpy: '2.4.6', tokenizers: '0.23.3', left: '1' },
    flags: { 'cudnn.benchmark': 'false', attention: 'attention_flash', threads: '8', vram_state: 'NORMAL_VRAM' },
  };
  const told = accountOf({ record, snapshot, state: { ...state, environment } });
  const words = (key: VariableKey) => of(key, told)?.values.map(({ text }) => text);
  expect(words('driver')).toEqual(['NVIDIA 570.86', 'CUDA 12.8']);
  expect(words('determinism')).toEqual(['attention attention_flash', 'cudnn.benchmark false', 'threads 8']);
  expect(words('packages')).toEqual(['torch 2.9.1', 'tokenizers 0.23.3, numpy 2.4.6', '4 in all']);
  expect(of('packages', told)?.values.at(-1)?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(words('tokenizer')).toEqual(['tokenizers 0.23.3']);
  expect(words('vram')).toEqual(['8.0 GiB, VRAM state normal vram']);
  expect(words('os')).toEqual(['Linux-6.1', 'EPYC']);
  expect((['packages', 'driver', 'determinism', 'os'] as const).map((key) => of(key, told)?.origin)).toEqual(
    Array(4).fill('capture pack'),
  );
  expect(of('python', told)?.origin).toBe('server');
});

test('packages read on disk are told as such, and a processor needs no driver', () => {
  const onDisk = { ...state, environment: { ...state.environment, packages: { numpy: '2' } } };
  expect(of('packages', accountOf({ record, state: onDisk }))?.origin).toBe('disk');
  const packed = { ...state, environment: { ...state.environment, pack: '1.0.0' } };
  expect(of('driver', accountOf({ record, state: packed }))?.values).toEqual([{ text: 'none: the processor did it' }]);
});

test('files that the capture pack read on the machine of the server are told as such', () => {
  const origins = (keys: readonly VariableKey[], from: readonly Variable[]) => keys.map((key) => of(key, from)?.origin);
  const keys = ['models', 'inputs', 'packs', 'comfyui'] as const;
  expect(origins(keys, account)).toEqual(Array(4).fill('disk'));
  expect(origins(keys, accountOf({ record, snapshot, state: { ...state, observedBy: 'pack' } }))).toEqual(
    Array(4).fill('capture pack'),
  );
});

test('what is on the machine of a server that tells nothing is named, with that reason', () => {
  const listed: State = {
    ...state,
    models: new Map([['checkpoints/dream.safetensors', { digest: 'unhashed' }]]),
    packs: new Map(),
    classes: new Map([
      ['Grain', { pack: 'Grain-Pack', interface: '0', widgets: [] }],
      ['KSampler', { pack: 'comfyui', interface: '0', widgets: [] }],
    ]),
  };
  const told = accountOf({ record, snapshot, state: listed });
  const why = expect.stringContaining('without the capture pack');
  expect(of('packs', told)?.values).toEqual([{ text: 'Grain-Pack', notCaptured: why }]);
  expect(of('models', told)?.values[0]).toMatchObject({ notCaptured: why });
});

test('where torch is all that is known of the packages, the others are named as missing', () => {
  const environment = { ...state.environment, torch: '2.9.1' };
  const others = (more = {}) =>
    of('packages', accountOf({ record, state: { ...state, environment: { ...environment, ...more } } }))?.values;
  expect(others()).toEqual([
    { text: 'torch 2.9.1' },
    { text: 'and others', notCaptured: expect.stringContaining('capture pack') },
  ]);
  expect(others({ notCaptured: { packages: 'it was not found' } })?.[1]?.notCaptured).toBe('it was not found');
  expect(others({ packages: {} })?.map(({ notCaptured }) => notCaptured)).toEqual([undefined, undefined]);
});
