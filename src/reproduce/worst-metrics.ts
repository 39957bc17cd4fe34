import type { Metrics } from '../image/metrics.js';
import type { ComparedOutput } from './compare-outputs.js';

/** Of several outputs the one that differs most. */
export function worstOf(outputs: readonly ComparedOutput[]): Metrics | undefined {
  const measured = outputs.flatMap(({ metrics }) => (metrics === undefined ? [] : [metrics]));
  const score = (metrics: Metrics) => (metrics.equal ? 2 : (metrics.ssim ?? -1));
  return measured.sort((a, b) => score(a) - score(b))[0];
}
