import { expect, test } from 'vitest';
import { difference, driftBetween } from '../../src/lock/drift.js';
import type { Dependencies } from '../../src/lock/entries.js';
import { driftCounts, driftLines } from '../../src/terminal/drift-text.js';
import { painter } from '../../src/terminal/paint.js';

const nothing: Dependencies = { models: new Map(), packs: new Map(), inputs: new Map(), classes: new Map() };
const digest = `sha256:${'a'.repeat(64)}` as const;
const locked: Dependencies = {
  comfyui: { version: '0.8.0' },
  models: new Map(Array.from({ length: 31 }, (_, at) => [`checkpoints/${at}.safetensors`, { digest }])),
  inputs: new Map([['pose.png', { digest }]]),
  packs: new Map([['Impact', { commit: '1'.repeat(40) }]]),
  classes: new Map(),
};
const plain = painter(false);

test('what nobody could look at is one line, with what brings it into reach', () => {
  const drift = driftBetween(locked, nothing);
  expect(driftLines(drift, plain, 'git config comfy.directory <path>')).toEqual([
    '  not checked here: 31 models, 1 input, ComfyUI, 1 pack',
    '      git config comfy.directory <path>',
  ]);
  expect(driftCounts(drift)).toBe('nothing differs, 34 not checked');
});

test('what differs is a line each, with what mends it', () => {
  const drift = driftBetween(locked, { ...nothing, inputs: new Map([['pose.png', { digest: 'missing' }]]) });
  expect(driftLines(drift, plain)).toEqual([
    '  input pose.png: no such file',
    "      put it back into ComfyUI's input folder",
    '  not checked here: 31 models, ComfyUI, 1 pack',
  ]);
  expect(driftCounts(drift)).toBe('1 difference, 33 not checked');
});

test('a server elsewhere lists names: their content counts as not looked at, in words of its own', () => {
  const models = new Map([['checkpoints/0.safetensors', { digest: 'unhashed' as const }]]);
  const [first] = driftBetween(locked, { ...nothing, models });
  expect(first).toMatchObject({
    code: 'model-unchecked',
    text: 'checkpoint 0.safetensors: the server has that name; its content cannot be seen from here',
  });
});

test('what a run saw is not moved by moving the lock', () => {
  const moved = { ...nothing, packs: new Map([['Impact', { commit: '2'.repeat(40) }]]) };
  const pack = (whose: "the lock's" | "the record's") =>
    driftBetween(locked, moved, whose).find(({ subject }) => subject === 'Impact')?.hint;
  expect(pack("the lock's")).toBe('if that is meant: git comfy lock --update Impact; if not: git comfy provide');
  expect(pack("the record's")).toBe(
    'to go back: git -C custom_nodes/Impact checkout 111111111111, then restart ComfyUI',
  );
});

test('a record without anything captured has nothing to compare with, and that is no difference', () => {
  expect(driftCounts([difference('nothing-captured', 'state', 'models were not captured')])).toBe(
    'nothing to compare with',
  );
});
