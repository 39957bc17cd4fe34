import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import type { Lock } from '../../src/lock/entries.js';
import { emptyLock, readLock, writeLock } from '../../src/lock/lockfile.js';
import { anyLock, anyModel, anyName } from './arbitrary.js';

const golden = readFileSync(new URL('../fixtures/lock/comfy.lock', import.meta.url), 'utf8');

const failure = (text: string): InputError => {
  try {
    readLock(text);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('it was read');
};

test('the format is the one of the golden file', () => {
  expect(writeLock(readLock(golden))).toBe(golden);
});

test('the golden file says what it means', () => {
  const lock = readLock(golden);
  expect(lock.models.get('checkpoints/dreamshaper_8.safetensors')?.size).toBe(2132625894);
  expect(lock.models.get('loras/old.pt')).toEqual({ digest: 'missing', guess: true });
  expect(lock.packs.get('ComfyUI-Impact-Pack')?.commit).toBe('12345e6789012345678901234567890123456789');
  expect(lock.classes.get('KSampler')?.widgets[1]).toBe('control_after_generate');
  expect(lock.workflows.get('workflows/empty.json')).toEqual({ models: [], inputs: [], classes: [] });
});

test('what is written is read again', () => {
  fc.assert(
    fc.property(anyLock, (lock) => {
      expect(readLock(writeLock(lock))).toEqual(lock);
    }),
  );
});

test('the order of entries in memory does not matter', () => {
  const turned = (lock: Lock): Lock => ({ ...lock, models: new Map([...lock.models].reverse()) });
  fc.assert(
    fc.property(anyLock, (lock) => {
      expect(writeLock(turned(lock))).toBe(writeLock(lock));
    }),
  );
});

test('adding an entry changes no other line', () => {
  fc.assert(
    fc.property(anyLock, anyName, anyModel, (lock, name, model) => {
      fc.pre(!lock.models.has(name));
      const before = writeLock(lock).split('\n');
      const after = writeLock({ ...lock, models: new Map([...lock.models, [name, model]]) }).split('\n');
      let at = 0;
      for (const line of after) if (line === before[at]) at++;
      expect(before.slice(at)).toEqual([]);
    }),
  );
});

test('every fact has a line of its own, however long or strange its text is', () => {
  const license = `${'long '.repeat(100)}\nand a second line`;
  const text = writeLock({ ...emptyLock, models: new Map([['loras/a.pt', { digest: 'missing', license }]]) });
  expect(text.split('\n')).toHaveLength(6);
});

test('a newer lockfile is refused by name', () => {
  const error = failure('lockfileVersion: 2\nmodels: 7\n');
  expect(error.code).toBe('lock-newer');
  expect(error.message).toContain('lockfileVersion 2');
  expect(error.hint).toContain('update');
});

test.each([
  ['no map', '- a\n', 'no map'],
  ['nothing', '', 'no map'],
  ['no version', 'models:\n', 'lockfileVersion'],
  ['a key twice', 'lockfileVersion: 1\nmodels:\n  a:\n    digest: missing\n  a:\n    digest: missing\n', 'unique'],
  ['an unknown section', 'lockfileVersion: 1\nscripts:\n  x: y\n', 'scripts'],
  ['an unknown member', 'lockfileVersion: 1\nmodels:\n  a:\n    digest: missing\n    run: x\n', 'run'],
  ['a digest that is none', 'lockfileVersion: 1\nmodels:\n  a:\n    digest: sha256:abc\n', 'digest'],
  ['a model without a digest', 'lockfileVersion: 1\nmodels:\n  a:\n    size: 1\n', 'digest'],
  ['a size that is none', 'lockfileVersion: 1\nmodels:\n  a:\n    digest: missing\n    size: 1e9\n', 'size'],
  ['conflict markers', 'lockfileVersion: 1\n<<<<<<< HEAD\nmodels:\n=======\n>>>>>>> other\n', 'conflict markers'],
  ['an alias', 'lockfileVersion: 1\nmodels: &m\n  a:\n    digest: missing\ninputs: *m\n', 'lias'],
  ['a tag', 'lockfileVersion: !!js/function 1\n', 'tag'],
  ['deep nesting', `lockfileVersion: ${'['.repeat(200_000)}`, 'comfy.lock'],
])('a damaged lock is refused: %s', (_, text, said) => {
  const error = failure(text);
  expect(error.code).toBe('lock-damaged');
  expect(error.message).toContain(said);
  expect(error.hint ?? '').not.toBe('');
});

test('a bomb of aliases is refused before it grows', () => {
  const levels = Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}*a${at}]`);
  expect(failure(`a0: &a0 [x]\n${levels.join('\n')}\n`).code).toBe('lock-damaged');
});

test('a file far too large is refused unread', () => {
  expect(failure('#'.repeat(9_000_000)).message).toContain('larger than');
});

test('hostile keys are keys like any other', () => {
  const lock = readLock('lockfileVersion: 1\ninputs:\n  __proto__:\n    digest: missing\n');
  expect(lock.inputs.get('__proto__')).toEqual({ digest: 'missing' });
  expect(({} as Record<string, unknown>)['digest']).toBeUndefined();
});
