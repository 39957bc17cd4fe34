import { isArray, isObject, type Json, type JsonObject, toDouble } from './json.js';

/** In canvas units; `y` is the top of what is drawn, so for a node that of its title bar. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A node's `pos` is below its title bar, which is this high. */
export const titleHeight = 30;

/** Farther out nobody has put anything on purpose; such coordinates are kept, but nothing is placed by them. */
const farthest = 10_000_000;

/** `[x, y]`, or `{"0": x, "1": y}` as frontends of 2024 wrote it; `undefined` for anything else. */
export function pairOf(value: Json | undefined): readonly [number, number] | undefined {
  const [first, second] = isArray(value) ? value : isObject(value) ? [value.get('0'), value.get('1')] : [];
  const [x, y] = [toDouble(first), toDouble(second)];
  if (x === undefined || y === undefined) return undefined;
  return Math.abs(x) <= farthest && Math.abs(y) <= farthest ? [x, y] : undefined;
}

/** The rectangle of a `bounding`. */
export function boxOf(value: Json | undefined): Rectangle | undefined {
  if (!isArray(value)) return undefined;
  const [corner, size] = [pairOf(value.slice(0, 2)), pairOf(value.slice(2, 4))];
  return corner && size && { x: corner[0], y: corner[1], width: size[0], height: size[1] };
}

/** What a node covers, title bar included; `undefined` while it has no place. */
export function coveredBy(node: JsonObject, size: readonly [number, number]): Rectangle | undefined {
  const pos = pairOf(node.get('pos'));
  return pos && { x: pos[0], y: pos[1] - titleHeight, width: size[0], height: size[1] + titleHeight };
}

/** The smallest rectangle around all of them; at the origin and empty for none. */
export function around(rectangles: readonly Rectangle[]): Rectangle {
  if (rectangles.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of rectangles) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The highest free `y` at or below the wanted one, `gap` away from everything. */
export function firstFree(wanted: Rectangle, taken: readonly Rectangle[], gap: number): number {
  const inTheWay = taken
    .filter(({ x, width }) => x < wanted.x + wanted.width + gap && x + width + gap > wanted.x)
    .sort((a, b) => a.y - b.y);
  let y = wanted.y;
  for (const other of inTheWay) {
    if (other.y >= y + wanted.height + gap) break;
    if (other.y + other.height + gap > y) y = other.y + other.height + gap;
  }
  return y;
}
