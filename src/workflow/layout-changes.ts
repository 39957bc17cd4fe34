import { canonicalJson, type Json, type JsonObject } from './json.js';
import { emptyGraphLayout, type GraphLayout, type UntimedLayout } from './layout.js';

/** How many things of a layout differ between two versions of one workflow; only what both versions have counts. */
export interface LayoutChanges {
  readonly moved: number;
  readonly resized: number;
  /** Other colours, or folded, pinned or shaped otherwise. */
  readonly restyled: number;
  readonly groups: number;
}

/** Counts; `undefined` where nothing differs. A node with another id is another node here. */
export function layoutChanges(before: UntimedLayout, after: UntimedLayout): LayoutChanges | undefined {
  const counts = { moved: 0, resized: 0, restyled: 0, groups: 0 };
  count(counts, before.root, after.root);
  for (const [id, graph] of after.subgraphs) count(counts, before.subgraphs.get(id) ?? emptyGraphLayout, graph);
  return Object.values(counts).every((number) => number === 0) ? undefined : counts;
}

type Counts = { -readonly [Name in keyof LayoutChanges]: number };

function count(counts: Counts, before: GraphLayout, after: GraphLayout): void {
  for (const [key, node] of after.nodes) {
    const was = before.nodes.get(key);
    if (was === undefined) continue;
    if (differ(was.get('pos'), node.get('pos'))) counts.moved++;
    if (differ(was.get('size'), node.get('size'))) counts.resized++;
    if (differ(styleOf(was), styleOf(node))) counts.restyled++;
  }
  for (const [key, group] of after.groups) {
    const was = before.groups.get(key);
    if (was !== undefined && differ(was, group)) counts.groups++;
  }
}

const differ = (a: Json | undefined, b: Json | undefined) => canonicalJson(a ?? null) !== canonicalJson(b ?? null);

const notStyle: ReadonlySet<string> = new Set(['pos', 'size', 'inputs', 'outputs']);

const styleOf = (node: JsonObject): JsonObject => new Map([...node].filter(([key]) => !notStyle.has(key)));

/** `12 nodes moved, 1 resized, 2 groups changed` */
export function layoutText({ moved, resized, restyled, groups }: LayoutChanges): string {
  const parts = [
    [moved, 'moved'],
    [resized, 'resized'],
    [restyled, 'restyled'],
  ] as const;
  const nodes = parts.filter(([number]) => number > 0);
  const words = nodes.map(([number, word], at) => `${number} ${at === 0 ? plural(number, 'node') : ''}${word}`);
  if (groups > 0) words.push(`${groups} ${plural(groups, 'group')}changed`);
  return words.join(', ');
}

const plural = (count: number, word: string) => `${word}${count === 1 ? '' : 's'} `;
