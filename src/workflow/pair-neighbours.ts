import type { Neighbour } from './node-labels.js';
import type { NodePairs } from './node-pairs.js';

/** What two nodes have to have in common, for each version; `undefined` is in common with nothing that has something. */
export type Likeness = Record<'before' | 'after', (id: string) => string | number | undefined>;

/**
 * Makes a function that pairs the neighbours of pairs where they are alike and no other neighbour is; each pair is looked at once, however often
 * it is called. It returns how many pairs it made.
 */
export function spreader(pairs: NodePairs, like: Likeness): () => number {
  const { old, fresh, order, found } = pairs;
  let next = 0;
  return () => {
    const had = found.size;
    for (; next < order.length; next++) {
      const [was = '', id = ''] = order[next] ?? [];
      for (const side of ['sources', 'targets'] as const) {
        pairAround(pairs, old.neighbours[side].get(was), fresh.neighbours[side].get(id), like);
      }
    }
    return found.size - had;
  };
}

function pairAround(
  pairs: NodePairs,
  before: readonly Neighbour[] = [],
  after: readonly Neighbour[] = [],
  like: Likeness,
): void {
  if (before.length === 0 || after.length === 0) return;
  const old = onlyOnes(before, like.before);
  for (const [key, id] of onlyOnes(after, like.after)) {
    const was = old.get(key);
    if (was !== undefined && id !== undefined && pairs.isFree(was, id)) pairs.add(was, id);
  }
}

/** Neighbours by link and likeness, `undefined` where several share it. */
function onlyOnes(list: readonly Neighbour[], like: Likeness['before']): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const { by, node } of list) {
    const key = `${by} ${like(node) ?? ''}`;
    found.set(key, found.has(key) ? undefined : node);
  }
  return found;
}

/** Whether two nodes have a neighbour in common, on links of the same name. */
export function haveCommonNeighbour({ old, fresh, found }: NodePairs, was: string, id: string): boolean {
  return (['sources', 'targets'] as const).some((side) => {
    const around = new Set((old.neighbours[side].get(was) ?? []).map(({ by, node }) => `${by} ${node}`));
    return (fresh.neighbours[side].get(id) ?? []).some(({ by, node }) =>
      around.has(`${by} ${found.get(node) ?? node}`),
    );
  });
}

export const isLinked = ({ neighbours }: NodePairs['old'], id: string): boolean =>
  neighbours.sources.has(id) || neighbours.targets.has(id);
