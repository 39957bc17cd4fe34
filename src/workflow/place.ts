import { linksOf } from './graph-links.js';
import { looseId } from './graphs.js';
import type { JsonObject } from './json.js';
import { layeredPositions } from './layers.js';
import type { LayoutMembers } from './members.js';
import { executionOrder, type Flow, flowOf } from './node-order.js';
import { sizeOf } from './node-size.js';
import { around, coveredBy, firstFree, type Rectangle, titleHeight } from './rectangles.js';

type Pair = readonly [number, number];

const gap = 40;
/** More new nodes than this are laid out together below the rest: one by one would take time squared. */
const oneByOne = 256;

/**
 * Gives a place to every node that has none, and a size to those; nodes that have a place are not moved, and no new node
 * covers another, title bars included. Where positions are no layout (cg-use-everywhere) nothing is placed.
 */
export function placeNodes(graph: JsonObject, nodes: readonly JsonObject[], members: LayoutMembers): JsonObject[] {
  const lost = nodes.flatMap((node, index) => (node.has('pos') ? [] : [index]));
  if (lost.length === 0 || !members.node.has('pos')) return [...nodes];
  const sizes = nodes.map(sizeOf);
  const flow = flowOf(
    nodes.map((node) => looseId(node.get('id'))),
    linksOf(graph),
  );
  const positions = findPlaces(nodes, lost, sizes, flow);
  return nodes.map((node, index) => {
    const position = positions.get(index);
    if (position === undefined) return node;
    const placed: JsonObject = new Map(node);
    placed.set('pos', [...position]);
    return node.has('size') ? placed : placed.set('size', [...(sizes[index] ?? [])]);
  });
}

function findPlaces(
  nodes: readonly JsonObject[],
  lost: readonly number[],
  sizes: readonly Pair[],
  flow: Flow,
): ReadonlyMap<number, Pair> {
  if (lost.length === nodes.length) return new Map(layeredPositions(sizes, flow).entries());
  const covered = new Map<number, Rectangle>();
  for (const [index, node] of nodes.entries()) {
    const rectangle = coveredBy(node, sizes[index] ?? [0, 0]);
    if (rectangle !== undefined) covered.set(index, rectangle);
  }
  if (lost.length > oneByOne) return blockBelow(lost, sizes, flow, around([...covered.values()]));
  return amongOthers(lost, sizes, flow, covered);
}

/** The new nodes laid out among themselves, below everything that has a place. */
function blockBelow(
  lost: readonly number[],
  sizes: readonly Pair[],
  flow: Flow,
  rest: Rectangle,
): ReadonlyMap<number, Pair> {
  const at = new Map(lost.map((index, position) => [index, position]));
  const within = (lists: Flow['sources']) =>
    lost.map((index) => (lists[index] ?? []).flatMap((one) => at.get(one) ?? []));
  const inner = { sources: within(flow.sources), consumers: within(flow.consumers) };
  const top = rest.y + rest.height + 2 * gap;
  const positions = layeredPositions(
    lost.map((index) => sizes[index] ?? [0, 0]),
    inner,
  );
  return new Map(
    positions.map(([x, y], position) => [lost[position] ?? 0, [Math.ceil(rest.x + x), Math.ceil(top + y)] as const]),
  );
}

/** Each new node right of its sources, else left of its consumers, else below; moved down until it is free. */
function amongOthers(
  lost: readonly number[],
  sizes: readonly Pair[],
  flow: Flow,
  covered: Map<number, Rectangle>,
): ReadonlyMap<number, Pair> {
  const positions = new Map<number, Pair>();
  const all = around([...covered.values()]);
  for (const index of sourcesFirst(lost, flow)) {
    const [width, height] = sizes[index] ?? [0, 0];
    const wanted = { ...wantedPlace(index, width, flow, covered, all), width, height: height + titleHeight };
    const y = Math.ceil(firstFree(wanted, [...covered.values()], gap));
    covered.set(index, { ...wanted, y });
    positions.set(index, [wanted.x, y + titleHeight]);
  }
  return positions;
}

function wantedPlace(
  index: number,
  width: number,
  flow: Flow,
  covered: ReadonlyMap<number, Rectangle>,
  all: Rectangle,
): { readonly x: number; readonly y: number } {
  const placed = (list: readonly number[] | undefined) => (list ?? []).flatMap((one) => covered.get(one) ?? []);
  const sources = placed(flow.sources[index]);
  const [source] = sources;
  if (source !== undefined) {
    const right = Math.max(...sources.map((one) => one.x + one.width));
    return { x: Math.ceil(right) + 2 * gap, y: source.y };
  }
  const consumers = placed(flow.consumers[index]);
  const [consumer] = consumers;
  if (consumer === undefined) return { x: Math.ceil(all.x), y: all.y + all.height + gap };
  return { x: Math.floor(Math.min(...consumers.map((one) => one.x))) - width - 2 * gap, y: consumer.y };
}

function sourcesFirst(lost: readonly number[], flow: Flow): number[] {
  const wanted = new Set(lost);
  return executionOrder(flow).filter((index) => wanted.has(index));
}
