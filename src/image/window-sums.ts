import type { Picture } from './picture.js';

/** Side of the SSIM window. */
export const side = 7;

/**
 * For one channel of two pictures: sums over columns of seven samples, then over seven such columns. All sums are whole numbers below 2^53
 * (49 x 65535^2 < 2^38), so sliding them along loses nothing, and memory is that of a few rows.
 */
export interface WindowSums {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly aa: Float64Array;
  readonly bb: Float64Array;
  readonly ab: Float64Array;
}

export function emptySums(width: number): WindowSums {
  const row = () => new Float64Array(width);
  return { a: row(), b: row(), aa: row(), bb: row(), ab: row() };
}

/** Adds (`sign` 1) or takes away (-1) row `y` of `channel` to the column sums. */
export function addRow(sums: WindowSums, a: Picture, b: Picture, channel: number, y: number, sign: 1 | -1): void {
  const { width, channels } = a;
  let at = y * width * channels + channel;
  for (let x = 0; x < width; x++, at += channels) {
    const left = a.samples[at] as number;
    const right = b.samples[at] as number;
    sums.a[x] = (sums.a[x] as number) + sign * left;
    sums.b[x] = (sums.b[x] as number) + sign * right;
    sums.aa[x] = (sums.aa[x] as number) + sign * left * left;
    sums.bb[x] = (sums.bb[x] as number) + sign * right * right;
    sums.ab[x] = (sums.ab[x] as number) + sign * left * right;
  }
}
