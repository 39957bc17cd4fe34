import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockOf, withBlock, withoutBlock } from '../../src/setup/markers.js';

const text = fc.array(fc.constantFrom('#!/bin/sh', 'exit 0', '', ' ', '# >>> other >>>', 'x\r', 'ü'), { maxLength: 6 });
const files = fc.tuple(text, fc.boolean()).map(([lines, ended]) => lines.join('\n') + (ended ? '\n' : ''));
const place = fc.constantFrom('end' as const, 'below-first-line' as const);

test('a file has every byte back when the block is taken out', () => {
  fc.assert(
    fc.property(files, place, (file, where) => {
      // A first line without an end is no place to write below.
      const put = withBlock(file, ['one', 'two'], where);
      expect(blockOf(put)).toEqual(['one', 'two']);
      expect(withoutBlock(put)).toBe(file);
    }),
  );
});

test('a block is replaced where it stands', () => {
  fc.assert(
    fc.property(files, files, place, (before, after, where) => {
      const put = `${withBlock(before, ['old'], where)}${after}`;
      const again = withBlock(put, ['new', 'lines'], where);
      expect(blockOf(again)).toEqual(['new', 'lines']);
      expect(again.replace('new\nlines', 'old')).toBe(put);
    }),
  );
});

test('a hook that ends early still reaches the block', () => {
  expect(withBlock('#!/bin/sh\nexit 0\n', ['ours'], 'below-first-line')).toBe(
    '#!/bin/sh\n# >>> git comfy >>>\nours\n# <<< git comfy <<<\nexit 0\n',
  );
});
