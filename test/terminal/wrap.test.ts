import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrap } from '../../src/terminal/wrap.js';

test('text is broken at spaces, and its own line breaks stay', () => {
  expect(wrap('one two three\nfour', 9)).toEqual(['one two', 'three', 'four']);
});

test('a hash stays whole, a word without end does not', () => {
  expect(wrap('f'.repeat(71), 20)).toHaveLength(1);
  expect(wrap('f'.repeat(250), 20)).toHaveLength(3);
});

test('nothing is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 8, max: 40 }), (text, width) => {
      const joined = (lines: string) => lines.replaceAll(/[ \n]/g, '');
      expect(joined(wrap(text, width).join('\n'))).toBe(joined(text));
    }),
  );
});
