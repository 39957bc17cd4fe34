import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isSnapshot, readSnapshot, snapshotDocument } from '../../src/lineage/snapshot-document.js';
import type { State } from '../../src/lineage/state.js';
import { readState, stateDocument } from '../../src/lineage/state-document.js';
import { type JsonObject, parseJson, writeJson } from '../../src/workflow/json.js';

const golden = (name: string) => readFileSync(new URL(`../fixtures/lineage/${name}`, import.meta.url), 'utf8');

const promptText =
  '{"10":{"class_type":"KSampler","inputs":{"seed":18446744073709551615,"cfg":7.0}},"9":{"class_type":"X","inputs":{"a":1e-05}}}';
const snapshot = {
  snapshot: 1,
  prompt: parseJson(promptText) as JsonObject,
  workflow: parseJson('{"nodes":[{"id":10}],"links":[]}') as JsonObject,
  executed: ['10', '9'],
  cached: ['4'],
  redacted: ['prompt.3.inputs.api_key'],
} as const;

const digest = `sha256:${'a'.repeat(64)}` as const;
const state: State = {
  state: 1,
  comfyui: { commit: 'b'.repeat(40), version: '0.8.0' },
  models: new Map([
    ['loras/ink.safetensors', { digest: 'unhashed', size: 12 }],
    ['checkpoints/dream.safetensors', { digest, size: 6_460_000_000, tensors: digest }],
  ]),
  packs: new Map([['lab-nodes', { notCaptured: 'it is a linked worktree' }]]),
  inputs: new Map([['ref.png', { digest: 'missing' }]]),
  classes: new Map([['KSampler', { pack: 'comfyui', interface: '0123456789abcdef', widgets: ['seed', 'steps'] }]]),
  environment: { comfyui: '0.8.0', python: '3.11.7', devices: ['cpu'], packages: { numpy: '2.4.6' }, simulated: true },
};

test('snapshot: 1 is frozen', () => {
  expect(snapshotDocument(snapshot).text).toBe(golden('snapshot-1.json'));
});

test.each([
  ['{"snapshot":1,"prompt":{"3":{"inputs":{"seed":18446744073709551615}}},"workflow":{}}', true],
  ['{"snapshot":1,"prompt":{},"parameters":"a cat"}', true],
  ['{"snapshot":1,"prompt":{"3":NaN}}', false],
  ['{"snapshot":1,"prompt":[]}', false],
  ['{"snapshot":1,"prompt":null}', false],
  ['{"snapshot":1}', false],
  ['{"snapshot":2,"prompt":{}}', false],
  ['{"snapshot":1,"prompt":{}', false],
  ['null', false],
])('what is quickly taken for a snapshot can be read as one: %s', (text, sound) => {
  expect(isSnapshot(text)).toBe(sound);
  if (sound) expect(readSnapshot(text).snapshot).toBe(1);
});

test('state: 1 is frozen', () => {
  expect(stateDocument(state).text).toBe(golden('state-1.json'));
});

test('a document is named by the SHA-256 of its bytes', () => {
  const { id, path, text } = snapshotDocument(snapshot);
  expect(id).toBe(createHash('sha256').update(text).digest('hex'));
  expect(path).toBe(`snapshots/${id.slice(0, 2)}/${id.slice(2)}.json`);
  expect(stateDocument(state).path).toMatch(/^states\/[0-9a-f]{2}\/[0-9a-f]{62}\.json$/);
});

test('a prompt comes back with every number and the order of its nodes', () => {
  const back = readSnapshot(snapshotDocument(snapshot).text);
  expect(writeJson(back.prompt)).toBe(promptText);
  expect(back).toEqual(snapshot);
});

test('a state comes back, and runs that saw the same share one', () => {
  expect(readState(stateDocument(state).text)).toEqual(state);
  const turned = { ...state, models: new Map([...state.models].reverse()) };
  expect(stateDocument(turned).id).toBe(stateDocument(state).id);
});

test.each([
  ['a newer snapshot', () => readSnapshot('{"snapshot":2}'), 'snapshot-newer'],
  ['a newer state', () => readState('{"state":2}'), 'state-newer'],
  ['a damaged snapshot', () => readSnapshot('{"snapshot":1}'), 'document-damaged'],
  ['a damaged state', () => readState('{"state":1,"models":3}'), 'document-damaged'],
  ['half a document', () => readState('{"state":1'), 'document-damaged'],
])('%s is refused by name', (_, read, code) => {
  expect(read).toThrow(expect.objectContaining({ code }));
});
