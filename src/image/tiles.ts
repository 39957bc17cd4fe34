/** Side of a tile, in windows of the SSIM map. */
const tileSide = 64;

/**
 * Where tiles begin along a side of `length` windows: every 64, and the last one moved back so that it is as large as the others; a thin strip at
 * the edge would judge a handful of windows as if it were a whole tile.
 */
function tileStarts(length: number): number[] {
  const starts: number[] = [];
  for (let start = 0; start + tileSide <= length; start += tileSide) starts.push(start);
  const last = Math.max(0, length - tileSide);
  return starts.at(-1) === last ? starts : [...starts, last];
}

export interface Tile {
  readonly ssim: number;
  readonly x: number;
  readonly y: number;
}

/** Takes the SSIM map row by row and keeps the mean of each tile; memory is one number a tile. */
export interface TileMeans {
  add(row: Float64Array, y: number): void;
  worst(): Tile;
}

export function tileMeans(width: number, height: number): TileMeans {
  const columns = tileStarts(width);
  const rows = tileStarts(height);
  const sums = rows.map(() => new Float64Array(columns.length));
  const size = Math.min(tileSide, width) * Math.min(tileSide, height);
  return {
    add(row, y) {
      const inRow = columns.map((start) =>
        row.subarray(start, start + tileSide).reduce((sum, index) => sum + index, 0),
      );
      rows.forEach((start, at) => {
        if (y < start || y >= start + tileSide) return;
        const tiles = sums[at] as Float64Array;
        inRow.forEach((sum, column) => {
          tiles[column] = (tiles[column] as number) + sum;
        });
      });
    },
    worst() {
      const tiles = sums.flatMap((line, at) =>
        [...line].map((sum, column) => ({ ssim: sum / size, x: columns[column] ?? 0, y: rows[at] ?? 0 })),
      );
      return tiles.reduce((worst, tile) => (tile.ssim < worst.ssim ? tile : worst));
    },
  };
}
