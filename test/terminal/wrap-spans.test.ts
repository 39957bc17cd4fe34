import { expect, test } from 'vitest';
import { wrapSpans } from '../../src/terminal/wrap-spans.js';

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
