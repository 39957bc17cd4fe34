import { type Neighbours, neighboursOf } from './node-labels.js';
import type { Shapes } from './node-shapes.js';

/** One version of a graph. */
export interface Side {
  readonly shapes: Shapes;
  readonly neighbours: Neighbours;
}

/** Pairs in the making. */
export interface NodePairs {
  readonly old: Side;
  readonly fresh: Side;
  /** By id after, the id before. */
  readonly found: Map<string, string>;
  /** All pairs in the order in which they were found. */
  readonly order: (readonly [before: string, after: string])[];
  readonly isFree: (before: string, after: string) => boolean;
  readonly freeOld: () => string[];
  readonly freeFresh: () => string[];
  readonly add: (before: string, after: string) => void;
}

/** @param sure by id after, the id before */
export function startPairs(before: Shapes, after: Shapes, sure: ReadonlyMap<string, string>): NodePairs {
  const found = new Map(sure);
  const taken = new Set(sure.values());
  const order = [...sure].map(([id, was]): readonly [string, string] => [was, id]);
  return {
    old: sideOf(before),
    fresh: sideOf(after),
    found,
    order,
    isFree: (was, id) => before.has(was) && after.has(id) && !taken.has(was) && !found.has(id),
    freeOld: () => [...before.keys()].filter((id) => !taken.has(id)),
    freeFresh: () => [...after.keys()].filter((id) => !found.has(id)),
    add(was, id) {
      found.set(id, was);
      taken.add(was);
      order.push([was, id]);
    },
  };
}

/** Who is whose neighbour is asked only where nodes are left to pair. */
function sideOf(shapes: Shapes): Side {
  let made: Neighbours | undefined;
  return {
    shapes,
    get neighbours() {
      made ??= neighboursOf(shapes);
      return made;
    },
  };
}

/** Whether both versions have a free node of one type. */
export function mayGrow({ old, fresh, freeOld, freeFresh }: NodePairs): boolean {
  const types = new Set(freeOld().map((id) => old.shapes.get(id)?.type));
  return freeFresh().some((id) => types.has(fresh.shapes.get(id)?.type));
}
