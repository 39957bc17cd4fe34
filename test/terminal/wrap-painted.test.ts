import { expect, test } from 'vitest';
import { wrapPainted } from '../../src/terminal/wrap-painted.js';

test('a long line breaks below its beginning and keeps its colours', () => {
  const line = '  LoRA \u001b[33mink-style.safetensors\u001b[0m: not under this name';
  expect(wrapPainted(line, 30)).toEqual([
    '  LoRA\u001b[33m ink-style.safetensors\u001b[0m:',
    '    not under this name',
  ]);
});

test('what fits stays as it is, empty lines too', () => {
  expect(wrapPainted('  a  b\n\n  c', 80)).toEqual(['  a  b', '', '  c']);
});

test('a coloured line keeps its own beginning too', () => {
  const dim = (text: string) => `\u001b[2m${text}\u001b[0m`;
  expect(wrapPainted(`  ${dim('    put it back where it was')}`, 20)).toEqual([
    dim('      put it back'),
    `        ${dim('where it was')}`,
  ]);
});
