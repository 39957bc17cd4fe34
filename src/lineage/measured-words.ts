import type { Metrics } from '../image/metrics.js';
import { alike } from './grade.js';

/** What a comparison measured, one line. */
export function measuredWords(metrics: Metrics): string {
  if (!metrics.comparable) return 'not comparable: size, depth or number of channels differ';
  if (metrics.equal) return 'same samples';
  const rounding = (metrics.largest ?? 0) <= 2 ? 'same but for rounding; ' : '';
  return `${rounding}${figures(metrics).join(', ')}`;
}

function figures({ largest, psnr, ssim, worstTile }: Metrics): string[] {
  return [
    ...(ssim === undefined ? [] : [`SSIM ${index(ssim)}`]),
    ...(worstTile === undefined ? [] : [`worst tile ${index(worstTile.ssim)} at ${worstTile.x},${worstTile.y}`]),
    ...(psnr === undefined ? [] : [`PSNR ${psnr.toFixed(1)} dB`]),
    ...(largest === undefined ? [] : [`largest difference ${largest}`]),
  ];
}

/** Why the samples keep a grade from being better, one reason a line; none where they are the same. */
export function measuredReasons(metrics: Metrics): string[] {
  if (metrics.equal) return [];
  if (!metrics.comparable) return ['the new picture has another size, depth or number of channels'];
  if (metrics.ssim === undefined) return ['samples differ, and the picture is too small for SSIM'];
  const reasons = [
    `${(metrics.largest ?? 0) <= 2 ? 'same but for rounding,' : 'samples differ'} by at most ${metrics.largest}`,
  ];
  if (metrics.ssim < alike.ssim) reasons.push(`SSIM ${index(metrics.ssim)} is below ${alike.ssim}`);
  const tile = metrics.worstTile;
  if (tile !== undefined && tile.ssim < alike.worstTile) {
    reasons.push(`the tile at ${tile.x},${tile.y} has SSIM ${index(tile.ssim)}, below ${alike.worstTile}`);
  }
  return reasons;
}

/** Cut off, not rounded: what is not equal never reads as 1, and what misses a limit never reads as the limit. */
const index = (value: number) => (Math.floor(value * 10_000) / 10_000).toFixed(4);
