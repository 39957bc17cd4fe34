import { differingFrames, differingSamples } from '../files/decoded-samples.js';
import { withoutOpaqueAlpha } from '../image/alpha.js';
import { compare } from '../image/compare.js';
import type { Metrics } from '../image/metrics.js';
import type { Picture } from '../image/picture.js';

type Paths = readonly [before: string, after: string];

/** Frames that take more (8 bits, RGBA) are not measured; bytes. */
const largestFrame = 2 ** 28;

/**
 * The frame in which two films differ most, as a screen would show it.
 * @param shape `512x512`, of both
 * @returns its place from 0 on; `undefined` where it is too large. Where 8 bits a sample cannot show it, the largest difference is 0
 */
export async function measureFilm(
  paths: Paths,
  shape: string,
  signal: AbortSignal,
): Promise<{ readonly at: number; readonly metrics: Metrics } | undefined> {
  const [width = 0, height = 0] = shape.split('x').map(Number);
  if (width * height * 4 > largestFrame || width * height === 0) return undefined;
  let worst: { readonly at: number; readonly metrics: Metrics } = { at: 0, metrics: hidden };
  for await (const { at, before, after } of differingFrames(paths, { width, height }, signal)) {
    const metrics = compareShown(pictureOf(before, width, height), pictureOf(after, width, height));
    if (isWorse(metrics, worst.metrics)) worst = { at, metrics };
  }
  return worst;
}

const hidden: Metrics = { comparable: true, equal: false, largest: 0, ssim: 1, worstTile: { ssim: 1, x: 0, y: 0 } };

const pictureOf = (samples: Buffer, width: number, height: number): Picture => ({
  width,
  height,
  channels: 4,
  depth: 8,
  samples,
});

/** ffmpeg gives every film an alpha channel here; where it is opaque it would only make two frames more alike. */
function compareShown(before: Picture, after: Picture): Metrics {
  const [a, b] = [withoutOpaqueAlpha(before), withoutOpaqueAlpha(after)];
  return a.channels === b.channels ? compare(a, b) : compare(before, after);
}

const isWorse = (a: Metrics, b: Metrics) =>
  (a.ssim ?? 0) === (b.ssim ?? 0) ? (a.largest ?? 0) > (b.largest ?? 0) : (a.ssim ?? 0) < (b.ssim ?? 0);

/** By how much two sounds of the same length differ: shares of full scale, and decibels below it. */
export async function measureSound(
  paths: Paths,
  signal: AbortSignal,
): Promise<{ readonly largest: number; readonly psnr: number }> {
  let [largest, sum, count] = [0, 0, 0];
  for await (const { before, after } of differingSamples(paths, signal)) {
    for (let at = 0; at + 4 <= Math.min(before.length, after.length); at += 4) {
      const difference = Math.abs(before.readFloatLE(at) - after.readFloatLE(at));
      largest = Math.max(largest, difference);
      sum += difference * difference;
    }
    count += before.length / 4;
  }
  return { largest, psnr: -10 * Math.log10(sum / Math.max(1, count)) };
}
