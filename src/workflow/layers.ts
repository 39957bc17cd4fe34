import { executionOrder, type Flow } from './node-order.js';
import { titleHeight } from './rectangles.js';

type Pair = readonly [number, number];

const columnGap = 80;
const rowGap = 40;
/** Nodes without any link stand in rows of this width below the rest. */
const rowWidth = 1600;

/** Where the first node of a layered layout always goes. */
export const firstPosition: Pair = [0, titleHeight];

/**
 * Positions (of the corner below the title bar) for nodes of these sizes: columns from left to right by data flow, each column ordered
 * by where its sources stand; notes and other loose nodes in rows below. No two overlap. Linear but for sorting.
 */
export function layeredPositions(sizes: readonly Pair[], flow: Flow): Pair[] {
  const positions: Pair[] = new Array(sizes.length);
  const loose: number[] = [];
  const columns: number[][] = sizes.map(() => []);
  const layers = layersOf(flow);
  for (const index of sizes.keys()) {
    if (neighbours(flow, index) === 0) loose.push(index);
    else columns[layers[index] ?? 0]?.push(index);
  }
  const bottom = placeColumns(columns, sizes, flow, positions);
  placeRows(loose, sizes, bottom, positions);
  return positions;
}

const neighbours = ({ sources, consumers }: Flow, index: number) =>
  (sources[index]?.length ?? 0) + (consumers[index]?.length ?? 0);

/** Longest way from the left; a node that starts a way stands just before its first consumer. */
function layersOf(flow: Flow): number[] {
  const layers: number[] = new Array(flow.sources.length).fill(0);
  for (const index of executionOrder(flow)) {
    for (const next of flow.consumers[index] ?? []) {
      layers[next] = Math.max(layers[next] ?? 0, Math.min((layers[index] ?? 0) + 1, flow.sources.length));
    }
  }
  for (const [index, sources] of flow.sources.entries()) {
    if (sources.length > 0) continue;
    const first = (flow.consumers[index] ?? []).reduce((least, next) => Math.min(least, layers[next] ?? 0), Infinity);
    if (Number.isFinite(first)) layers[index] = Math.max(first - 1, 0);
  }
  return layers;
}

/** Returns how far down the columns reach. */
function placeColumns(columns: readonly number[][], sizes: readonly Pair[], flow: Flow, positions: Pair[]): number {
  let x = 0;
  let bottom = 0;
  for (const column of columns) {
    if (column.length === 0) continue;
    let y = 0;
    let width = 0;
    for (const index of bySources(column, flow, positions)) {
      const [w, h] = sizes[index] ?? [0, 0];
      positions[index] = [x, y + titleHeight];
      y += titleHeight + h + rowGap;
      width = Math.max(width, w);
    }
    x += width + columnGap;
    bottom = Math.max(bottom, y);
  }
  return bottom;
}

/** By the mean height of the sources that have a place; nodes without any stay in front, as they stood. */
function bySources(column: readonly number[], flow: Flow, positions: readonly Pair[]): number[] {
  const heights = column.map((index) => {
    const placed = (flow.sources[index] ?? []).flatMap((source) => positions[source]?.[1] ?? []);
    return { index, y: placed.length === 0 ? 0 : placed.reduce((sum, y) => sum + y, 0) / placed.length };
  });
  return heights.sort((a, b) => a.y - b.y).map(({ index }) => index);
}

function placeRows(loose: readonly number[], sizes: readonly Pair[], top: number, positions: Pair[]): void {
  let [x, y, height] = [0, top, 0];
  for (const index of loose) {
    const [w, h] = sizes[index] ?? [0, 0];
    if (x > 0 && x + w > rowWidth) [x, y, height] = [0, y + height + titleHeight + rowGap, 0];
    positions[index] = [x, y + titleHeight];
    x += w + columnGap;
    height = Math.max(height, h);
  }
}
