import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lock, ModelEntry } from '../../src/lock/entries.js';
import { lockWords } from '../../src/lock/lock-conflict-words.js';
import { emptyLock, readLock, writeLock } from '../../src/lock/lockfile.js';
import { mergeLocks } from '../../src/lock/merge-locks.js';
import { anyLock } from './arbitrary.js';

const digest = (digit: string): ModelEntry => ({ digest: `sha256:${digit.repeat(64)}`, size: 10 });
/** A lock of one workflow that uses these models. */
const lock = (models: Record<string, ModelEntry>, path = 'a.json'): Lock => ({
  ...emptyLock,
  models: new Map(Object.entries(models)),
  workflows: new Map([[path, { models: Object.keys(models), inputs: [], classes: [] }]]),
});
const merge = (base: Lock | undefined, ours: Lock, theirs: Lock, choices?: Map<string, 'ours' | 'theirs'>) => {
  const { lock: made, conflicts } = mergeLocks(base, ours, theirs, choices);
  return { models: Object.fromEntries(made.models), conflicts: conflicts.map(({ key }) => key), made, all: conflicts };
};

test('what each side added comes together', () => {
  const base = lock({ 'loras/a': digest('a') });
  const { models, conflicts, made } = merge(
    base,
    lock({ 'loras/a': digest('a'), 'loras/b': digest('b') }),
    lock({ 'loras/a': digest('a'), 'loras/c': digest('c') }),
  );
  expect(Object.keys(models).sort()).toEqual(['loras/a', 'loras/b', 'loras/c']);
  expect(made.workflows.get('a.json')?.models).toEqual(['loras/a', 'loras/b', 'loras/c']);
  expect(conflicts).toEqual([]);
});

test('an entry that both changed, each in its own way, is reported, and only that one', () => {
  const [base, ours, theirs] = ['a', 'b', 'c'].map((digit) =>
    lock({ 'loras/a': digest(digit), 'loras/z': digest('d') }),
  );
  if (base === undefined || ours === undefined || theirs === undefined) throw new Error('no locks');
  const result = merge(base, ours, theirs);
  expect(result.conflicts).toEqual(['models loras/a']);
  expect(result.models['loras/a']).toEqual(digest('b'));
  expect(result.all.map(lockWords)).toEqual([
    {
      who: 'model loras/a',
      what: 'digest',
      base: digest('a').digest,
      ours: digest('b').digest,
      theirs: digest('c').digest,
    },
  ]);
  expect(merge(base, ours, theirs, new Map([['models loras/a', 'theirs']])).models['loras/a']).toEqual(digest('c'));
});

test.each<[string, ModelEntry, ModelEntry, ModelEntry]>([
  ['a hash that was left for later', { digest: 'unhashed', size: 10 }, digest('b'), digest('b')],
  ['a file that one machine does not have', { digest: 'missing' }, digest('b'), digest('b')],
  ['a guess', { ...digest('b'), guess: true }, digest('b'), digest('b')],
  ['what only one side leaves idle', { ...digest('b'), executed: false }, digest('b'), digest('b')],
  [
    'sources',
    { ...digest('b'), sources: ['x'] },
    { ...digest('b'), sources: ['w'] },
    { ...digest('b'), sources: ['w', 'x'] },
  ],
])('%s is no contradiction', (_, one, two, both) => {
  for (const [ours, theirs] of [
    [one, two],
    [two, one],
  ] as const) {
    const { models, conflicts } = merge(undefined, lock({ 'loras/a': ours }), lock({ 'loras/a': theirs }));
    expect(conflicts).toEqual([]);
    expect(models['loras/a']).toEqual(both);
  }
});

test('an entry that one side dropped stays while a workflow of the other one needs it', () => {
  const base = lock({ 'loras/a': digest('a') });
  const dropped = lock({});
  expect(merge(base, dropped, base).models).toEqual({});
  const other: Lock = {
    ...base,
    workflows: new Map([...base.workflows, ['b.json', { models: ['loras/a'], inputs: [], classes: [] }]]),
  };
  expect(Object.keys(merge(base, dropped, other).models)).toEqual(['loras/a']);
  expect(Object.keys(merge(base, other, dropped).models)).toEqual(['loras/a']);
});

test('a side that changed nothing changes nothing, and the result is canonical', () => {
  fc.assert(
    fc.property(anyLock, anyLock, anyLock, (base, ours, theirs) => {
      expect(writeLock(mergeLocks(base, ours, ours).lock)).toBe(writeLock(ours));
      for (const before of [base, undefined]) {
        const text = writeLock(mergeLocks(before, ours, theirs).lock);
        expect(writeLock(readLock(text))).toBe(text);
        expect(mergeLocks(before, ours, theirs).conflicts.length).toBe(
          mergeLocks(before, theirs, ours).conflicts.length,
        );
      }
    }),
    { numRuns: 100 },
  );
});

test('a pack of one commit is one pack, whatever its branch is called here and whoever guessed it', () => {
  const packs = (entry: object): Lock => ({
    ...emptyLock,
    packs: new Map([['impact', { commit: '1'.repeat(40), ...entry }]]),
    classes: new Map([['A', { pack: 'impact', interface: '0'.repeat(16), widgets: [] }]]),
    workflows: new Map([['a.json', { models: [], inputs: [], classes: ['A'] }]]),
  });
  const result = merge(undefined, packs({ branch: 'main', guess: true }), packs({ branch: 'work' }));
  expect(result.conflicts).toEqual([]);
  expect(result.made.packs.get('impact')).toEqual({ commit: '1'.repeat(40) });
});
