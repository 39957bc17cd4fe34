import type { Json } from '../json.js';

export type Side = 'ours' | 'theirs';

/** One thing as three versions have it; `undefined` where a version does not have it. */
export interface Sides<T> {
  readonly base: T | undefined;
  readonly ours: T | undefined;
  readonly theirs: T | undefined;
}

/** Where in a document something stands. */
export interface Spot {
  /** Id of the subgraph definition; `undefined` at the root, and in prompts. */
  readonly graph: string | undefined;
  /** Id of the node as the merged document has it; `undefined` for what belongs to the graph itself. */
  readonly node: string | undefined;
  /** Members below: `['widgets_values', '2']`, `['link', 'model']`; empty for the whole. */
  readonly path: readonly string[];
}

/** One thing that only a person can decide. The merged document has `taken` in its place. */
export interface Conflict extends Spot, Sides<Json> {
  /** Stays the same when the same three versions are merged again. */
  readonly key: string;
  readonly taken: Side;
  /** A person has said so; otherwise ours is there because something has to be. */
  readonly decided: boolean;
}

/** What was decided, by the conflict's key. */
export type Choices = ReadonlyMap<string, Side>;

/** One merge at work. */
export interface Merging {
  readonly choices: Choices;
  /** Without a common version every difference is a conflict. */
  readonly based: boolean;
  /** Filled on the way. */
  readonly conflicts: Conflict[];
}

/** Notes a conflict, and says which side to take. */
export function decide(merging: Merging, spot: Spot, sides: Sides<Json>): Side {
  const { graph, node, path } = spot;
  const key = JSON.stringify([graph ?? null, node ?? null, ...path]);
  const choice = merging.choices.get(key);
  const taken = choice ?? 'ours';
  merging.conflicts.push({ key, graph, node, path, ...sides, taken, decided: choice !== undefined });
  return taken;
}

export const below = (spot: Spot, ...more: readonly string[]): Spot => ({ ...spot, path: [...spot.path, ...more] });

export function mapSides<T, U>({ base, ours, theirs }: Sides<T>, change: (side: T) => U | undefined): Sides<U> {
  const apply = (side: T | undefined) => (side === undefined ? undefined : change(side));
  return { base: apply(base), ours: apply(ours), theirs: apply(theirs) };
}

/**
 * What a three-way merge says without looking inside: the side that changed, or `'both'`. Without a common version what differs is
 * `'both'`.
 */
export function changedSide<T>(
  { base, ours, theirs }: Sides<T>,
  same: (a: T, b: T) => boolean,
  { based }: Merging,
): Side | 'both' {
  const equal = (a: T | undefined, b: T | undefined) => (a === undefined || b === undefined ? a === b : same(a, b));
  if (equal(ours, theirs)) return 'ours';
  if (based && equal(base, theirs)) return 'ours';
  return based && equal(base, ours) ? 'theirs' : 'both';
}
