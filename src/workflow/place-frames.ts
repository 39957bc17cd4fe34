import { isObject, type Json, type JsonObject } from './json.js';
import type { LayoutMembers } from './members.js';
import { sizeOf } from './node-size.js';
import { around, boxOf, coveredBy } from './rectangles.js';

const gap = 40;

/** Group boxes that nobody knows, in a row above everything: their titles at least are seen. */
export function placeGroups(
  groups: readonly JsonObject[],
  nodes: readonly JsonObject[],
  members: LayoutMembers,
): JsonObject[] {
  if (!members.group.has('bounding') || groups.every((group) => group.has('bounding'))) return [...groups];
  const known = groups.flatMap((group) => boxOf(group.get('bounding')) ?? []);
  const all = around([...known, ...nodes.flatMap((node) => coveredBy(node, sizeOf(node)) ?? [])]);
  const [width, height] = [300, 80];
  let { x } = all;
  return groups.map((group) => {
    if (group.has('bounding')) return group;
    const placed = new Map(group).set('bounding', [Math.floor(x), Math.floor(all.y) - height - gap, width, height]);
    x += width + gap;
    return placed;
  });
}

/** The panels of a definition's own slots, left and right of its nodes, where nobody knows their place. */
export function placePanel(
  panel: Json | undefined,
  side: 'left' | 'right',
  slotCount: number,
  nodes: readonly JsonObject[],
): Json | undefined {
  if (!isObject(panel) || panel.has('bounding')) return panel;
  const all = around(nodes.flatMap((node) => coveredBy(node, sizeOf(node)) ?? []));
  const width = 120;
  const x = side === 'left' ? all.x - width - 2 * gap : all.x + all.width + 2 * gap;
  return new Map(panel).set('bounding', [Math.floor(x), Math.floor(all.y), width, 40 + slotCount * 20]);
}
