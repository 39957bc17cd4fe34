import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrap, wrapSpans } from '../../src/terminal/wrap.js';

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

const plain = (text: string) => ({ text, paint: (each: string) => each });
const marked = (text: string) => ({ text, paint: (each: string) => `<${each}>` });

test('a line that fits stays, each piece painted once', () => {
  expect(wrapSpans([plain('  a: '), marked('one two')], 40, '    ')).toEqual(['  a: <one two>']);
});

test('further lines are indented and painted anew', () => {
  expect(wrapSpans([plain('  a: '), marked('one two three four')], 14, '    ')).toEqual([
    '  a: <one two>',
    '    <three four>',
  ]);
});

test('pieces that touch are not torn apart', () => {
  expect(wrapSpans([plain('  a: many word'), marked('s'), plain(', more')], 14, '    ')).toEqual([
    '  a: many word<s>,',
    '    more',
  ]);
});

test('letters that take two columns count as two', () => {
  expect(wrapSpans([plain('  夜の家 夜の家')], 10, '    ')).toEqual(['  夜の家', '    夜の家']);
});

test('a word longer than the line sticks out', () => {
  expect(wrapSpans([plain(`  ${'x'.repeat(30)} y`)], 10, '    ')).toEqual([`  ${'x'.repeat(30)}`, '    y']);
});

test('a line of plain text too counts columns, and a word without end is broken in a painted one', () => {
  expect(wrap('夜の家 夜の家', 8)).toEqual(['夜の家', '夜の家']);
  expect(wrapSpans([marked('f'.repeat(150))], 20, '  ')).toEqual([`<${'f'.repeat(100)}>`, `  <${'f'.repeat(50)}>`]);
});
