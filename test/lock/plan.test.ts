import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dependencies, Digest, Lock, ModelEntry } from '../../src/lock/entries.js';
import { emptyLock, writeLock } from '../../src/lock/lockfile.js';
import type { Needs } from '../../src/lock/needs.js';
import { means, planLock } from '../../src/lock/plan.js';
import { anyLock } from './arbitrary.js';

const a: Digest = `sha256:${'a'.repeat(64)}`;
const b: Digest = `sha256:${'b'.repeat(64)}`;
const key = 'checkpoints/dream.safetensors';

const nothing: Dependencies = { models: new Map(), packs: new Map(), inputs: new Map(), classes: new Map() };
const needing = (...models: string[]): Needs => ({
  workflows: new Map([['w.json', { models, inputs: [], classes: [] }]]),
  models: new Map(models.map((model) => [model, { guess: false }])),
  inputs: new Set(),
  classes: new Set(),
  named: new Map(),
  packs: new Set(),
});
const seen = (entry: ModelEntry, of = key): Dependencies => ({ ...nothing, models: new Map([[of, entry]]) });
const locked = (entry: ModelEntry): Lock => ({ ...emptyLock, models: new Map([[key, entry]]) });
const modelOf = (lock: Lock) => lock.models.get(key);

/** Needs under which everything in a lock is needed. */
const needsAll = (lock: Lock): Needs => ({
  workflows: lock.workflows,
  models: new Map([...lock.models].map(([name]) => [name, { guess: false }])),
  inputs: new Set(lock.inputs.keys()),
  classes: new Set(lock.classes.keys()),
  named: new Map(),
  packs: new Set(),
});

test('a new need comes in as it is seen', () => {
  expect(modelOf(planLock(emptyLock, needing(key), seen({ digest: a, size: 1 })))).toEqual({ digest: a, size: 1 });
});

test('a need that resolves to no file is written as missing, one that nobody looked for as unhashed', () => {
  expect(modelOf(planLock(emptyLock, needing(key), seen({ digest: 'missing' })))).toEqual({ digest: 'missing' });
  expect(modelOf(planLock(emptyLock, needing(key), nothing))).toEqual({ digest: 'unhashed' });
});

test('what no workflow needs goes out', () => {
  expect(planLock(locked({ digest: a }), needing(), nothing).models.size).toBe(0);
});

test('a file that was replaced keeps its entry', () => {
  expect(modelOf(planLock(locked({ digest: a, size: 1 }), needing(key), seen({ digest: b, size: 1 })))?.digest).toBe(a);
});

test('what this machine does not have keeps its entry', () => {
  const old = locked({ digest: a, size: 1 });
  expect(planLock(old, needing(key), nothing).models).toEqual(old.models);
  expect(planLock(old, needing(key), seen({ digest: 'missing' })).models).toEqual(old.models);
  expect(planLock(old, needing(key), seen({ digest: 'missing' }), { update: 'all' }).models).toEqual(old.models);
});

test('an entry that nobody ever saw may become missing when asked to', () => {
  const old = locked({ digest: 'unhashed' });
  const missing = seen({ digest: 'missing' });
  expect(modelOf(planLock(old, needing(key), missing))).toEqual({ digest: 'unhashed' });
  expect(modelOf(planLock(old, needing(key), missing, { update: 'all' }))).toEqual({ digest: 'missing' });
});

test.each([
  ['nobody looked', undefined, undefined, 'unhashed'],
  ['nobody looked, later', a, undefined, a],
  ['not there', undefined, 'missing', 'missing'],
  ['turned up', 'missing', a, a],
  ['hashed at last', 'unhashed', a, a],
  ['gone where it was never hashed', 'unhashed', 'missing', 'unhashed'],
  ['replaced', a, b, a],
  ['gone', a, 'missing', a],
] as const)('an input: %s', (_, before, there, after) => {
  const inputs = (digest: Digest | 'unhashed' | 'missing' | undefined) =>
    new Map(digest === undefined ? [] : [['pose.png', { digest }]]);
  const needs = { ...needing(), inputs: new Set(['pose.png']) };
  const lock = planLock({ ...emptyLock, inputs: inputs(before) }, needs, { ...nothing, inputs: inputs(there) });
  expect(lock.inputs.get('pose.png')?.digest).toBe(after);
});

test('an unhashed entry is completed when the size is still the same', () => {
  const old = locked({ digest: 'unhashed', size: 1 });
  expect(modelOf(planLock(old, needing(key), seen({ digest: a, size: 1 })))).toEqual({ digest: a, size: 1 });
  expect(modelOf(planLock(old, needing(key), seen({ digest: a, size: 2 })))).toEqual({ digest: 'unhashed', size: 1 });
});

test('a missing entry is completed when the file turns up', () => {
  expect(modelOf(planLock(locked({ digest: 'missing' }), needing(key), seen({ digest: a, size: 1 })))?.digest).toBe(a);
});

test('update moves what is named, and nothing else', () => {
  const other = 'loras/ink.safetensors';
  const old: Lock = {
    ...emptyLock,
    models: new Map([
      [key, { digest: a }],
      [other, { digest: a }],
    ]),
  };
  const now: Dependencies = {
    ...nothing,
    models: new Map([
      [key, { digest: b }],
      [other, { digest: b }],
    ]),
  };
  const planned = planLock(old, needing(key, other), now, { update: ['dream'] });
  expect([...planned.models.values()].map(({ digest }) => digest)).toEqual([b, a]);
});

test('sources are kept while the content is the same, and go with it', () => {
  const old = locked({ digest: a, sources: ['https://example.org/a'], license: 'mit' });
  expect(modelOf(planLock(old, needing(key), seen({ digest: a, size: 1 })))?.sources).toHaveLength(1);
  expect(modelOf(planLock(old, needing(key), seen({ digest: b }), { update: 'all' }))?.sources).toBeUndefined();
});

test('a guess becomes certain on a machine that knows, and no guess again on one that does not', () => {
  const guessing: Needs = { ...needing(key), models: new Map([[key, { guess: true }]]) };
  const guess = planLock(emptyLock, guessing, seen({ digest: a }));
  expect(modelOf(guess)?.guess).toBe(true);
  const certain = planLock(guess, needing(key), seen({ digest: a }));
  expect(modelOf(certain)?.guess).toBeUndefined();
  expect(modelOf(planLock(certain, guessing, seen({ digest: a })))?.guess).toBeUndefined();
});

test.each([
  'https://github.com/LTDRData/comfyui-impact-pack.git',
  'git@github.com:ltdrdata/ComfyUI-Impact-Pack.git',
  'ssh://git@github.com/ltdrdata/ComfyUI-Impact-Pack/',
])('a pack that moved keeps its entry, under the name that the lock has for it: %s', (address) => {
  const repository = 'https://github.com/ltdrdata/ComfyUI-Impact-Pack';
  const old: Lock = { ...emptyLock, packs: new Map([['ComfyUI-Impact-Pack', { repository, commit: '1'.repeat(40) }]]) };
  const entry = { repository: address, commit: '2'.repeat(40) };
  const now: Dependencies = { ...nothing, packs: new Map([['comfyui-impact-pack', entry]]) };
  expect(planLock(old, needing(), now).packs).toEqual(old.packs);
});

test('a pack goes out with its last class, and stays while a class is unknown', () => {
  const classes = new Map([['Mine', { pack: 'pack', interface: '0'.repeat(16), widgets: [] }]]);
  const old: Lock = { ...emptyLock, classes, packs: new Map([['pack', { commit: '1'.repeat(40) }]]) };
  const using = (...names: string[]): Needs => ({ ...needing(), classes: new Set(names) });
  expect(planLock(old, using('Mine'), nothing).packs.size).toBe(1);
  expect(planLock(old, using(), nothing).packs.size).toBe(0);
  expect(planLock(old, using('Unheard'), nothing).packs.size).toBe(1);
});

test('a pack whose entry is lost comes back under the name that its classes go by', () => {
  const registry = 'some-pack@1.0.0';
  const classes = new Map([['Mine', { pack: 'renamed', interface: '0'.repeat(16), widgets: [] }]]);
  const old: Lock = { ...emptyLock, classes, packs: new Map([['other', { registry }]]) };
  const now: Dependencies = { ...nothing, packs: new Map([['renamed', { registry }]]) };
  const first = planLock(old, { ...needing(), classes: new Set(['Mine']) }, now);
  expect([...first.packs.keys()]).toEqual(['renamed']);
});

test('planning twice is once', () => {
  fc.assert(
    fc.property(anyLock, anyLock, fc.boolean(), (old, observed, all) => {
      const needs = needsAll(observed);
      const once = planLock(old, needs, observed, all ? { update: 'all' } : {});
      expect(writeLock(planLock(once, needs, observed))).toBe(writeLock(once));
    }),
  );
});

/** Without the packs that the other machine has something else under: those two can only disagree. */
const agreeingWith = (mine: Lock, yours: Lock): Lock => ({
  ...yours,
  packs: new Map(
    [...yours.packs].filter(([key, entry]) => {
      const other = mine.packs.get(key);
      return other === undefined || JSON.stringify(other) === JSON.stringify(entry);
    }),
  ),
});

test('two machines that take turns do not change the lock', () => {
  fc.assert(
    fc.property(anyLock, anyLock, anyLock, (old, mine, theirs) => {
      const needs = needsAll(old);
      const yours = agreeingWith(mine, theirs);
      const first = planLock(planLock(old, needs, mine), needs, yours);
      expect(writeLock(planLock(planLock(first, needs, mine), needs, yours))).toBe(writeLock(first));
    }),
  );
});

test.each(['dream', 'dream.safetensors', key, 'checkpoints\\dream.safetensors'])('%s means that entry', (name) => {
  expect(means(name, key)).toBe(true);
  expect(means(name, 'checkpoints/dreams.safetensors')).toBe(false);
});
