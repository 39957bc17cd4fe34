import { expect, test } from 'vitest';
import { driftBetween, expectedGrade, missingClasses } from '../../src/lock/drift.js';
import type { Dependencies, Digest, InputEntry, ModelEntry, PackEntry } from '../../src/lock/entries.js';

const a: Digest = `sha256:${'a'.repeat(64)}`;
const b: Digest = `sha256:${'b'.repeat(64)}`;
const one = '1'.repeat(40);
const two = '2'.repeat(40);
const nothing: Dependencies = { models: new Map(), packs: new Map(), inputs: new Map(), classes: new Map() };

const dependencies = (some: Partial<Dependencies>): Dependencies => ({ ...nothing, ...some });
const model = (entry?: ModelEntry): Dependencies =>
  entry === undefined ? nothing : { ...nothing, models: new Map([['checkpoints/dreamshaper_8.safetensors', entry]]) };
const input = (entry?: InputEntry): Dependencies =>
  entry === undefined ? nothing : { ...nothing, inputs: new Map([['pose.png', entry]]) };
const pack = (entry?: PackEntry): Dependencies =>
  entry === undefined ? nothing : { ...nothing, packs: new Map([['Impact', entry]]) };
const comfyui = (entry?: PackEntry): Dependencies => (entry === undefined ? nothing : { ...nothing, comfyui: entry });
const nodeClass = (digest: string, name = 'KSampler'): Dependencies => ({
  ...nothing,
  classes: new Map([[name, { interface: digest.repeat(16), widgets: [] }]]),
});

const name = 'dreamshaper_8.safetensors';
const rows: [string, Dependencies, Dependencies, string[], string][] = [
  ['the same model', model({ digest: a }), model({ digest: a }), [], 'full'],
  [
    'a replaced model',
    model({ digest: a }),
    model({ digest: b }),
    [`checkpoint ${name}: other content than the lock's`],
    'partial',
  ],
  [
    'another size, not hashed',
    model({ digest: a, size: 1 }),
    model({ digest: 'unhashed', size: 2 }),
    [`checkpoint ${name}: other content than the lock's`],
    'partial',
  ],
  [
    'another size than the unhashed lock',
    model({ digest: 'unhashed', size: 1 }),
    model({ digest: a, size: 2 }),
    [`checkpoint ${name}: other content than the lock's`],
    'partial',
  ],
  [
    'not hashed yet',
    model({ digest: a, size: 1 }),
    model({ digest: 'unhashed', size: 1 }),
    [`checkpoint ${name}: same size, not hashed yet`],
    'approximate',
  ],
  [
    'the same tensors',
    model({ digest: a, tensors: a }),
    model({ digest: b, tensors: a }),
    [`checkpoint ${name}: same tensors as the lock's, under another header`],
    'full',
  ],
  [
    'a missing model',
    model({ digest: a }),
    model({ digest: 'missing' }),
    [`checkpoint ${name}: no such file in any model folder`],
    'partial',
  ],
  ['a model that was missing before', model({ digest: 'missing' }), model({ digest: a }), [], 'full'],
  ['a model nobody looked at', model({ digest: a }), model(), [`checkpoint ${name}: not checked here`], 'approximate'],
  ['the same input', input({ digest: a }), input({ digest: a }), [], 'full'],
  [
    'an edited input',
    input({ digest: a }),
    input({ digest: b }),
    ["input pose.png: other content than the lock's"],
    'partial',
  ],
  ['a missing input', input({ digest: a }), input({ digest: 'missing' }), ['input pose.png: no such file'], 'partial'],
  ['the same pack', pack({ commit: one }), pack({ commit: one }), [], 'full'],
  [
    'a moved pack',
    pack({ commit: one }),
    pack({ commit: two }),
    ["pack Impact: the lock's is 111111111111, here it is 222222222222"],
    'approximate',
  ],
  [
    'an edited pack',
    pack({ commit: one }),
    pack({ commit: one, dirty: a }),
    ["pack Impact: edited locally, other than the lock's"],
    'approximate',
  ],
  [
    'edits that are gone',
    pack({ commit: one, dirty: a }),
    pack({ commit: one }),
    ["pack Impact: without the edits that the lock's had"],
    'approximate',
  ],
  [
    'edits where only a version was known',
    pack({ version: '1' }),
    pack({ version: '1', commit: one, dirty: a }),
    [],
    'full',
  ],
  ['the same edits', pack({ commit: one, dirty: a }), pack({ commit: one, dirty: a }), [], 'full'],
  [
    'another registry version',
    pack({ tree: a, registry: 'x@1.0.0' }),
    pack({ tree: a, registry: 'x@1.1.0' }),
    ["pack Impact: the lock's is x@1.0.0, here it is x@1.1.0"],
    'approximate',
  ],
  [
    'a pack without git, edited',
    pack({ tree: a }),
    pack({ tree: b }),
    [`pack Impact: the lock's is ${'a'.repeat(12)}, here it is ${'b'.repeat(12)}`],
    'approximate',
  ],
  [
    'a clone instead of a download',
    pack({ tree: a }),
    pack({ commit: two }),
    [`pack Impact: the lock's is ${'a'.repeat(12)}, here it is 222222222222`],
    'approximate',
  ],
  ['a missing pack', pack({ commit: one }), pack({ missing: true }), ['pack Impact: not installed'], 'partial'],
  [
    'an unreadable pack',
    pack({ commit: one }),
    pack({ notCaptured: 'split index' }),
    ['pack Impact: not checked here (split index)'],
    'approximate',
  ],
  [
    'a commit that is known to differ, of a pack whose edits are not',
    pack({ commit: one }),
    pack({ commit: two, notCaptured: 'edited; how is not told' }),
    ["pack Impact: the lock's is 111111111111, here it is 222222222222"],
    'approximate',
  ],
  [
    'a ComfyUI of which only the version is told',
    comfyui({ commit: one, version: '0.8.0' }),
    comfyui({ version: '0.8.0' }),
    ['ComfyUI: not checked here (its commit is not known here)'],
    'approximate',
  ],
  [
    'a ComfyUI of which only another version is told',
    comfyui({ commit: one, version: '0.8.0' }),
    comfyui({ version: '0.9.0' }),
    ["ComfyUI: the lock's is 0.8.0, here it is 0.9.0"],
    'approximate',
  ],
  [
    'a moved ComfyUI',
    comfyui({ commit: one }),
    comfyui({ commit: two }),
    ["ComfyUI: the lock's is 111111111111, here it is 222222222222"],
    'approximate',
  ],
  [
    'another release',
    comfyui({ version: '0.8.0' }),
    comfyui({ version: '0.9.0' }),
    ["ComfyUI: the lock's is 0.8.0, here it is 0.9.0"],
    'approximate',
  ],
  ['a changed node', nodeClass('1'), nodeClass('2'), ["node KSampler: other inputs than the lock's"], 'approximate'],
  ['no server to ask', nodeClass('1'), nothing, [], 'full'],
];

test.each(rows)('%s', (_, expected, observed, texts, grade) => {
  const differences = driftBetween(expected, observed);
  expect(differences.map(({ text }) => text)).toEqual(texts);
  expect(expectedGrade(differences)).toBe(grade);
});

test('a node that a server was asked for and does not have', () => {
  const found = missingClasses(['KSampler', 'Other'], nodeClass('1', 'Other').classes);
  expect(found.map(({ text }) => text)).toEqual(['node KSampler: the server does not have it']);
  expect(expectedGrade(found)).toBe('partial');
});

test('a record is called a record', () => {
  expect(driftBetween(model({ digest: a }), model({ digest: b }), "the record's")[0]?.text).toContain(
    "than the record's",
  );
});

test('the worst difference decides', () => {
  const both = driftBetween(
    { ...model({ digest: a }), ...pack({ commit: one }), models: model({ digest: a }).models },
    {
      ...pack({ commit: two }),
      models: model({ digest: 'missing' }).models,
    },
  );
  expect(both).toHaveLength(2);
  expect(expectedGrade(both)).toBe('partial');
});

test('what a run saw cannot be moved: the way back is named instead', () => {
  const before = dependencies({
    models: new Map([['loras/ink.safetensors', { digest: `sha256:${'ab'.repeat(32)}`, size: 3 }]]),
    packs: new Map([['paint-pack', { commit: '12'.repeat(20) }]]),
  });
  const now = dependencies({
    models: new Map([['loras/ink.safetensors', { digest: `sha256:${'cd'.repeat(32)}`, size: 3 }]]),
    packs: new Map([['paint-pack', { commit: '34'.repeat(20) }]]),
  });
  const hints = (whose: "the lock's" | "the record's") => driftBetween(before, now, whose).map(({ hint }) => hint);
  expect(hints("the lock's")).toEqual([
    'if that is meant: git comfy lock --update loras/ink.safetensors; if not: git comfy provide',
    'if that is meant: git comfy lock --update paint-pack; if not: git comfy provide',
  ]);
  expect(hints("the record's")).toEqual([
    'put sha256 abababababab back into models/loras, any name will do',
    'to go back: git -C custom_nodes/paint-pack checkout 121212121212, then restart ComfyUI',
  ]);
});

test('in a command to copy a hostile name is one quoted word', () => {
  const before = dependencies({ packs: new Map([['x; rm -rf ~', { commit: '12'.repeat(20) }]]) });
  const now = dependencies({ packs: new Map([['x; rm -rf ~', { commit: '34'.repeat(20) }]]) });
  expect(driftBetween(before, now, "the record's")[0]?.hint).toContain("git -C 'custom_nodes/x; rm -rf ~' checkout");
});

test('edits are looked at in their clone; a lock can take them over', () => {
  const before = dependencies({ packs: new Map([['paint-pack', { commit: one }]]) });
  const now = dependencies({ packs: new Map([['paint-pack', { commit: one, dirty: a }]]) });
  expect(driftBetween(before, now, "the record's")[0]?.hint).toBe(
    'what was edited: git -C custom_nodes/paint-pack diff',
  );
  expect(driftBetween(before, now, "the lock's")[0]?.hint).toBe('if that is meant: git comfy lock --update paint-pack');
});

test.each([
  ['kj@2.5', 'kj@2.5.0', []],
  ['KJ@1.2.3-dev1', 'kj@1.2.3.dev1', []],
  ['kj@1.2.3', 'kj@1.2.4', ['pack-moved']],
  ['kj@nightly', 'kj@1.2.4', ['pack-moved']],
  ['kj@1.2', 'other@1.2', ['pack-moved']],
])('%s and %s of the registry: %j', (then, now, codes) => {
  const pack = (registry: string) => dependencies({ packs: new Map([['kj', { registry }]]) });
  expect(driftBetween(pack(then), pack(now)).map(({ code }) => code)).toEqual(codes);
});
