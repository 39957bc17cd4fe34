import { side, type WindowSums } from './window-sums.js';

const count = side * side;

/** K1 and K2 of Wang et al. 2004, for samples up to `range`. */
export function constants(range: number): { readonly c1: number; readonly c2: number } {
  return { c1: (0.01 * range) ** 2, c2: (0.03 * range) ** 2 };
}

/**
 * One row of the SSIM map from column sums: adds `weight` times the index of each window to `map`, whose item `x` belongs to the window that
 * begins at column `x`. Uniform window, sample covariance, as scikit-image's `structural_similarity` by default.
 */
export function addSsimRow(sums: WindowSums, range: number, weight: number, map: Float64Array): void {
  const { c1, c2 } = constants(range);
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  const slide = (x: number, sign: 1 | -1) => {
    a += sign * (sums.a[x] as number);
    b += sign * (sums.b[x] as number);
    aa += sign * (sums.aa[x] as number);
    bb += sign * (sums.bb[x] as number);
    ab += sign * (sums.ab[x] as number);
  };
  for (let x = 0; x < side - 1; x++) slide(x, 1);
  for (let x = 0; x < map.length; x++) {
    slide(x + side - 1, 1);
    const [meanA, meanB] = [a / count, b / count];
    const degrees = count * (count - 1);
    const variances = (count * aa - a * a + (count * bb - b * b)) / degrees;
    const covariance = (count * ab - a * b) / degrees;
    const index =
      ((2 * meanA * meanB + c1) * (2 * covariance + c2)) / ((meanA ** 2 + meanB ** 2 + c1) * (variances + c2));
    map[x] = (map[x] as number) + weight * index;
    slide(x, -1);
  }
}
