import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../src/image/metrics.js';
import { atLeast, type Findings, observedGrade } from '../../src/lineage/grade.js';
import { measuredReasons, measuredWords } from '../../src/lineage/measured-words.js';

const equal: Metrics = { comparable: true, equal: true, largest: 0, ssim: 1, worstTile: { ssim: 1, x: 0, y: 0 } };
const near: Metrics = {
  comparable: true,
  equal: false,
  largest: 9,
  psnr: 40,
  ssim: 0.95,
  worstTile: { ssim: 0.75, x: 64, y: 0 },
};
const tiny: Metrics = { comparable: true, equal: false, largest: 1, psnr: 48 };
const other: Metrics = { comparable: false, equal: false };

describe('the grade that was observed', () => {
  const cases: readonly [string, Findings, string][] = [
    ['same samples, all verified', { expected: 'full', proven: true, metrics: equal }, 'full'],
    ['same samples, something not verified', { expected: 'approximate', proven: true, metrics: equal }, 'approximate'],
    ['same samples although a model differs', { expected: 'partial', proven: true, metrics: equal }, 'approximate'],
    ['same samples from the cache', { expected: 'full', proven: false, metrics: equal }, 'partial'],
    ['just alike', { expected: 'full', proven: true, metrics: near }, 'approximate'],
    ['SSIM just too low', { expected: 'full', proven: true, metrics: { ...near, ssim: 0.9499 } }, 'partial'],
    [
      'one tile just too bad',
      { expected: 'full', proven: true, metrics: { ...near, worstTile: { ssim: 0.7499, x: 64, y: 0 } } },
      'partial',
    ],
    ['smaller than the window and not equal', { expected: 'full', proven: true, metrics: tiny }, 'partial'],
    ['another size', { expected: 'full', proven: true, metrics: other }, 'partial'],
    ['nothing to compare with', { expected: 'full', proven: true }, 'partial'],
  ];
  test.each(cases)('%s', (_, findings, grade) => {
    expect(observedGrade(findings)).toBe(grade);
  });

  test('full is at least approximate, and approximate at least partial', () => {
    expect(atLeast('full', 'approximate')).toBe(true);
    expect(atLeast('approximate', 'approximate')).toBe(true);
    expect(atLeast('partial', 'approximate')).toBe(false);
  });
});

describe('what was measured, in words', () => {
  test('says rounding where the largest difference is 1 or 2', () => {
    expect(measuredWords({ ...near, largest: 2 })).toMatch(/^same but for rounding; SSIM 0.9500/);
    expect(measuredWords(near)).toMatch(/^SSIM 0.9500, worst tile 0.7500 at 64,0, PSNR 40.0 dB, largest difference 9$/);
    expect(measuredWords(equal)).toBe('same samples');
    expect(measuredWords(other)).toMatch(/not comparable/);
  });

  test('gives a reason for every limit that was missed', () => {
    expect(measuredReasons(equal)).toEqual([]);
    expect(measuredReasons({ ...near, ssim: 0.5, worstTile: { ssim: 0.1, x: 64, y: 0 } })).toEqual([
      'samples differ by at most 9',
      'SSIM 0.5000 is below 0.95',
      'the tile at 64,0 has SSIM 0.1000, below 0.75',
    ]);
    expect(measuredReasons(tiny)).toEqual(['samples differ, and the picture is too small for SSIM']);
  });
});
