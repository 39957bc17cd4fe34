import { differences, psnr } from './differences.js';
import type { Metrics } from './metrics.js';
import type { Picture } from './picture.js';
import { ssim } from './ssim.js';

/**
 * Measures two pictures sample by sample, alpha like any other channel. Pictures of different size, depth or number of channels are not
 * comparable; whether an opaque alpha counts as a channel is for the caller to say (`withoutOpaqueAlpha`).
 */
export function compare(a: Picture, b: Picture): Metrics {
  if (!sameShape(a, b)) return { comparable: false, equal: false };
  const { largest, meanSquare } = differences(a, b);
  const decibels = psnr(meanSquare, a.depth);
  const similarity = ssim(a, b);
  return {
    comparable: true,
    equal: largest === 0,
    largest,
    ...(decibels === undefined ? {} : { psnr: decibels }),
    ...(similarity === undefined ? {} : { ssim: similarity.mean, worstTile: similarity.worstTile }),
  };
}

const sameShape = (a: Picture, b: Picture) =>
  a.width === b.width && a.height === b.height && a.channels === b.channels && a.depth === b.depth;
