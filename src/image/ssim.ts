import type { Picture } from './picture.js';
import { addSsimRow } from './ssim-row.js';
import { type Tile, tileMeans } from './tiles.js';
import { addRow, emptySums, side } from './window-sums.js';

/**
 * Structural similarity (Wang et al. 2004) of two pictures of one shape, as scikit-image measures it by default: uniform 7 x 7 window, sample
 * covariance, windows that lie wholly inside, mean over channels; and the worst tile of its map. Time grows with the number of samples only.
 * `undefined` where the picture is smaller than the window.
 */
export function ssim(a: Picture, b: Picture): { readonly mean: number; readonly worstTile: Tile } | undefined {
  const width = a.width - side + 1;
  const height = a.height - side + 1;
  if (width < 1 || height < 1) return undefined;
  const tiles = tileMeans(width, height);
  const sums = Array.from({ length: a.channels }, () => emptySums(a.width));
  const map = new Float64Array(width);
  const range = a.depth === 16 ? 65535 : 255;
  let total = 0;
  for (let y = 0; y < a.height; y++) {
    sums.forEach((sum, channel) => {
      addRow(sum, a, b, channel, y, 1);
      if (y >= side) addRow(sum, a, b, channel, y - side, -1);
    });
    if (y < side - 1) continue;
    map.fill(0);
    for (const sum of sums) addSsimRow(sum, range, 1 / a.channels, map);
    total += map.reduce((whole, index) => whole + index, 0);
    tiles.add(map, y - side + 1);
  }
  return { mean: total / (width * height), worstTile: tiles.worst() };
}
