import { differences, psnr } from './differences.js';
import type { Metrics } from './metrics.js';
import type { Picture } from './picture.js';
import { ssim } from './ssim.js';
import { side } from './window-sums.js';

/**
 * Measures two pictures sample by sample, alpha like any other channel. Pictures of different size, depth or number of channels are not
 * comparable; whether an opaque alpha counts as a channel is for the caller to say (`withoutOpaqueAlpha`).
 */
export function compare(a: Picture, b: Picture): Metrics {
  if (!sameShape(a, b)) return { comparable: false, equal: false };
  const { largest, meanSquare } = differences(a, b);
  const decibels = psnr(meanSquare, a.depth);
  // Of equal pictures it is 1 everywhere; measuring that would take most of the time.
  const similarity = largest === 0 ? sameEverywhere(a) : ssim(a, b);
  return {
    comparable: true,
    equal: largest === 0,
    largest,
    ...(decibels === undefined ? {} : { psnr: decibels }),
    ...(similarity === undefined ? {} : { ssim: similarity.mean, worstTile: similarity.worstTile }),
  };
}

const sameEverywhere = ({ width, height }: Picture) =>
  Math.min(width, height) < side ? undefined : { mean: 1, worstTile: { ssim: 1, x: 0, y: 0 } };

const sameShape = (a: Picture, b: Picture) =>
  a.width === b.width && a.height === b.height && a.channels === b.channels && a.depth === b.depth;
