import type { Picture } from './picture.js';

export interface Differences {
  /** Largest difference of two samples, in steps of the bit depth. */
  readonly largest: number;
  /** Mean of the squared differences. */
  readonly meanSquare: number;
}

/** Sample by sample; both pictures have one shape. */
export function differences(a: Picture, b: Picture): Differences {
  let largest = 0;
  let sum = 0;
  for (let i = 0; i < a.samples.length; i++) {
    const difference = Math.abs((a.samples[i] as number) - (b.samples[i] as number));
    if (difference > largest) largest = difference;
    sum += difference * difference;
  }
  return { largest, meanSquare: sum / a.samples.length };
}

/** Peak signal to noise ratio in decibels; `undefined` for equal pictures, where it is infinite. */
export function psnr(meanSquare: number, depth: Picture['depth']): number | undefined {
  const peak = depth === 16 ? 65535 : 255;
  return meanSquare === 0 ? undefined : 10 * Math.log10(peak ** 2 / meanSquare);
}
