import { describe, expect, test } from 'vitest';
import { readQuery } from '../../src/lineage/find-query.js';

const holds = (typed: string, value: string) => readQuery([typed]).filters[0]?.test(value);

describe('text', () => {
  test.each([
    ['model:dream', 'checkpoints/Dreamshaper_8.safetensors', true],
    ['lora:detail*', 'loras/style/detail_tweaker.safetensors', true],
    ['lora:detail*', 'loras/more_detail.safetensors', false],
    ['model:a?c', 'loras/abc', true],
    ['model:(x)', 'loras/(x).pt', true],
    ['sampler:euler,ddim', 'ddim', true],
    ['sampler:euler,ddim', 'uni_pc', false],
    ['prompt:red: fox', 'A RED: FOX', true],
  ])('%s of %s', (typed, value, wanted) => expect(holds(typed, value)).toBe(wanted));
});

describe('numbers', () => {
  test.each([
    ['steps:20', '20', true],
    ['steps:20', '20.0', true],
    ['steps:>20', '20', false],
    ['steps:>=20', '20', true],
    ['cfg:<7', '6.5', true],
    ['cfg:6..8', '8', true],
    ['cfg:6..8', '8.5', false],
    ['cfg:..6', '5', true],
    ['cfg:6..', '5', false],
    ['seed:18446744073709551615', '18446744073709551615', true],
    ['seed:18446744073709551615', '18446744073709551614', false],
    ['input.width:>=1024', '2048', true],
    ['input.filename_prefix:fox*', 'foxes', true],
  ])('%s of %s', (typed, value, wanted) => expect(holds(typed, value)).toBe(wanted));
});

describe('dates', () => {
  test.each([
    ['date:2026-10', '2026-10-31T23:59:59.000Z', true],
    ['date:2026-10', '2026-11-01T00:00:00.000Z', false],
    ['date:2026-10..', '2027-01-01T00:00:00.000Z', true],
    ['date:..2026-10-05', '2026-10-05T12:00:00.000Z', true],
    ['date:2026-09..2026-10', '2026-10-30T12:00:00.000Z', true],
    ['date:2028-02-29', '2028-02-29T12:00:00.000Z', true],
  ])('%s of %s', (typed, value, wanted) => expect(holds(typed, value)).toBe(wanted));
});

test('what is no filter is a word', () => {
  const { words, filters } = readQuery(['red fox', 'http', '12:30', 'style:', 'steps:20', 'grade:F*']);
  expect([words, filters.map(({ key }) => key)]).toEqual([
    ['red fox', 'http', '12:30', 'style:'],
    ['steps', 'grade'],
  ]);
});

test.each([
  ['modle:x', /there is no filter modle:/],
  ['steps:many', /"many" is no number for steps:/],
  ['cfg:..', /is no number for cfg:/],
  ['cfg:8..6', /"8..6" is no number for cfg:/],
  ['date:yesterday', /"yesterday" is no date/],
  ['date:2026-13', /"2026-13" is no date/],
  ['date:2026-02-30', /"2026-02-30" is no date/],
  ['grade:ful,partail', /"partail" is no grade/],
  ['match:derivd', /"derivd" is no match/],
  ['seed:', /seed: looks for nothing/],
])('%s is refused', (typed, message) => expect(() => readQuery([typed])).toThrow(message));
