import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordDiff } from '../../src/workflow/word-diff.js';

const marked = (before: string, after: string) =>
  wordDiff(before, after)
    .map(({ is, text }) => (is === 'same' ? text : is === 'cut' ? `[-${text}-]` : `{+${text}+}`))
    .join('');

test.each([
  ['a red house', 'a blue house', 'a [-red-]{+blue+} house'],
  ['a house', 'a house, at night', 'a house{+, at night+}'],
  ['(masterpiece:1.2), cat', '(masterpiece:1.4), cat', '(masterpiece:1.[-2-]{+4+}), cat'],
  ['big red old house', 'small green house', '[-big red old-]{+small green+} house'],
  ['same', 'same', 'same'],
  ['', 'all new', '{+all new+}'],
  ['夜の 家', '昼の 家', '[-夜の-]{+昼の+} 家'],
])('%s -> %s', (before, after, text) => {
  expect(marked(before, after)).toBe(text);
});

const texts = fc
  .array(fc.constantFrom('a', 'b', ' ', ', ', 'red', '\n'), { maxLength: 40 })
  .map((words) => words.join(''));

test('both texts can be read from the pieces', () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const pieces = wordDiff(before, after);
      const join = (without: string) => pieces.flatMap(({ is, text }) => (is === without ? [] : [text])).join('');
      expect([join('put'), join('cut')]).toEqual([before, after]);
    }),
  );
});

test('texts of thousands of other words are not compared word by word', () => {
  const text = (word: string) => Array.from({ length: 20_000 }, (_, at) => `${word}${at}`).join(' ');
  expect(wordDiff(text('a'), text('b')).length).toBeLessThan(10);
});
