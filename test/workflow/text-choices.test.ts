import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toPrompt } from '../../src/workflow/convert.js';
import { resolveDynamicPrompt } from '../../src/workflow/dynamic-prompt.js';
import { toPlain } from '../../src/workflow/json.js';
import { choicesOf } from '../../src/workflow/text-choices.js';
import { objectInfo, sketch, workflow } from './build.js';

const texts = (...values: string[]) =>
  workflow(sketch(values.map((text, at) => ({ id: at + 1, type: 'CLIPTextEncode', widgets_values: [text] }))));

type Plain = Record<string, { inputs: { text: string }; _meta: object }>;
const convert = (textSeed: string, ...values: string[]) =>
  toPlain(toPrompt(texts(...values), objectInfo, { textSeed })) as Plain;

test('the same seed draws the same, whatever else the workflow holds', () => {
  const text = 'a {red|green|blue} {car|boat|{small|large} house}';
  fc.assert(
    fc.property(fc.string(), fc.string(), (seed, other) => {
      expect(convert(seed, text)['1']).toEqual(convert(seed, text, other)['1']);
    }),
  );
});

test('every alternative is drawn by some seed, nodes draw apart, and how it is drawn is frozen', () => {
  const drawn = Array.from({ length: 60 }, (_, seed) => convert(String(seed), '{a|b|c}', '{a|b|c}'));
  expect(new Set(drawn.map((prompt) => prompt['1']?.inputs.text))).toEqual(new Set(['a', 'b', 'c']));
  expect(drawn.some((prompt) => prompt['1']?.inputs.text !== prompt['2']?.inputs.text)).toBe(true);
  expect(
    drawn
      .slice(0, 12)
      .map((prompt) => prompt['1']?.inputs.text)
      .join(''),
  ).toBe('bcccbabcbccb');
});

test('nodes that had a choice name the seed; others do not', () => {
  const prompt = convert('7', '{a|b}', '{alone}', 'plain');
  expect(Object.values(prompt).map(({ _meta }) => 'text_seed' in _meta)).toEqual([true, false, false]);
  expect(prompt['1']?._meta).toMatchObject({ text_seed: '7' });
});

test('a resolved text has one alternative of each group, and no more', () => {
  const word = fc.stringMatching(/^[a-z]{1,5}$/);
  fc.assert(
    fc.property(
      fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
      fc.string(),
      (groups, seed) => {
        const text = groups.map((group) => `{${group.join('|')}}`).join(' ');
        const words = groups.length === 0 ? [] : resolveDynamicPrompt(text, choicesOf(seed, '1', 'text')).split(' ');
        expect(words).toHaveLength(groups.length);
        for (const [at, chosen] of words.entries()) expect(groups[at]).toContain(chosen);
      },
    ),
  );
});

test('times in file names are filled in where the time is given', () => {
  const file = workflow(
    sketch([{ id: 1, type: 'SaveImage', widgets_values: ['%date:yyyy-MM-dd_hhmmss%/%date:d-M-yy%/x'] }]),
  );
  const at = new Date(2026, 0, 5, 7, 8, 9);
  const { inputs } =
    (toPlain(toPrompt(file, objectInfo, { now: at })) as Record<string, { inputs: object }>)['1'] ?? {};
  expect(inputs).toEqual({ filename_prefix: '2026-01-05_070809/5-1-26/x' });
});
