import { executionOrder, type Flow } from './node-order.js';
import { titleHeight } from './rectangles.js';

type Pair = readonly [number, number];

const columnGap = 80;
const rowGap = 40;
/** Between the bands of a folded chain. */
const bandGap = 120;
/** Up to this width nothing is folded; above, bands make a rectangle of about this ratio of width to height. */
const unfoldedWidth = 8000;
const bandRatio = 1.5;
/** Nodes without any link stand in rows of this width below the rest. */
const rowWidth = 1600;

/** Where the first node of a layered layout always goes. */
export const firstPosition: Pair = [0, titleHeight];

/**
 * Positions (of the corner below the title bar) for nodes of these sizes: columns from left to right by data flow, folded where they are many, each
 * column ordered by where its sources stand; notes and other loose nodes in rows below. No two overlap. Linear but for sorting.
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
      // In a cycle there is no longest way; there are no more columns than nodes.
      layers[next] = Math.max(layers[next] ?? 0, Math.min((layers[index] ?? 0) + 1, flow.sources.length - 1));
    }
  }
  for (const [index, sources] of flow.sources.entries()) {
    if (sources.length > 0) continue;
    const first = (flow.consumers[index] ?? []).reduce((least, next) => Math.min(least, layers[next] ?? 0), Infinity);
    if (Number.isFinite(first)) layers[index] = Math.max(first - 1, 0);
  }
  return layers;
}

/** Columns next to each other, in bands below each other where they are many. Returns how far down they reach. */
function placeColumns(all: readonly number[][], sizes: readonly Pair[], flow: Flow, positions: Pair[]): number {
  const columns = all.filter(({ length }) => length > 0);
  const fold = foldWidth(columns, sizes);
  let [x, top, bottom] = [0, 0, 0];
  for (const column of columns) {
    const width = widthOf(column, sizes);
    if (x > 0 && x + width > fold) [x, top] = [0, bottom + bandGap];
    let y = top;
    for (const index of bySources(column, flow, positions)) {
      positions[index] = [x, y + titleHeight];
      y += heightOf(index, sizes);
    }
    x += width + columnGap;
    bottom = Math.max(bottom, y);
  }
  return bottom;
}

const widthOf = (column: readonly number[], sizes: readonly Pair[]) =>
  column.reduce((widest, index) => Math.max(widest, sizes[index]?.[0] ?? 0), 0);

/** With the gap to the next one. */
const heightOf = (index: number, sizes: readonly Pair[]) => titleHeight + (sizes[index]?.[1] ?? 0) + rowGap;

/** A long chain is folded like lines of text, into something that is wider than high. */
function foldWidth(columns: readonly number[][], sizes: readonly Pair[]): number {
  let [width, height] = [0, 0];
  for (const column of columns) {
    width += widthOf(column, sizes) + columnGap;
    height = Math.max(
      height,
      column.reduce((sum, index) => sum + heightOf(index, sizes), bandGap),
    );
  }
  return Math.max(unfoldedWidth, Math.sqrt(bandRatio * width * height));
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
