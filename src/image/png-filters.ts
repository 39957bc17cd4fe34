import { bad } from './png-chunks.js';

/** Rebuilds the bytes of `row` in place; `above` is the rebuilt row before it, `pixel` the bytes of one pixel (at least 1). */
type Unfilter = (row: Uint8Array, above: Uint8Array, pixel: number) => void;

// Indices stay inside the rows by construction; the casts spare a check on each of millions of bytes.
const at = (row: Uint8Array, index: number): number => row[index] as number;

const sub: Unfilter = (row, _above, pixel) => {
  for (let i = pixel; i < row.length; i++) row[i] = at(row, i) + at(row, i - pixel);
};

const up: Unfilter = (row, above) => {
  for (let i = 0; i < row.length; i++) row[i] = at(row, i) + at(above, i);
};

const average: Unfilter = (row, above, pixel) => {
  if (pixel === 3) return averageOfThree(row, above);
  for (let i = 0; i < pixel && i < row.length; i++) row[i] = at(row, i) + (at(above, i) >> 1);
  for (let i = pixel; i < row.length; i++) row[i] = at(row, i) + ((at(row, i - pixel) + at(above, i)) >> 1);
};

/** As nearly all outputs are stored: what is on the left stays at hand, which is half as fast again. */
const averageOfThree = (row: Uint8Array, above: Uint8Array) => {
  let [red, green, blue] = [0, 0, 0];
  for (let i = 0; i < row.length; i += 3) {
    red = (at(row, i) + ((red + at(above, i)) >> 1)) & 255;
    green = (at(row, i + 1) + ((green + at(above, i + 1)) >> 1)) & 255;
    blue = (at(row, i + 2) + ((blue + at(above, i + 2)) >> 1)) & 255;
    row[i] = red;
    row[i + 1] = green;
    row[i + 2] = blue;
  }
};

const paeth: Unfilter = (row, above, pixel) => {
  for (let i = 0; i < pixel && i < row.length; i++) row[i] = at(row, i) + at(above, i);
  for (let i = pixel; i < row.length; i++) {
    row[i] = at(row, i) + nearest(at(row, i - pixel), at(above, i), at(above, i - pixel));
  }
};

/** The neighbour that is nearest to left + up - upper left; left before up before upper left (W3C PNG, 9.4). */
function nearest(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

const filters: readonly Unfilter[] = [() => {}, sub, up, average, paeth];

/**
 * Takes the row filter back (W3C PNG, 9).
 * @throws InputError `png-bad` for a filter that does not exist
 */
export function unfilter(filter: number, row: Uint8Array, above: Uint8Array, pixel: number): void {
  const undo = filters[filter];
  if (undo === undefined) throw bad(`a row names the filter ${filter}, which does not exist`);
  undo(row, above, pixel);
}
