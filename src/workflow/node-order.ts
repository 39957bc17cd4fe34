import type { LinkEnds } from './graph-links.js';

/** Which node feeds which: neighbours by index into the list of nodes, each once. */
export interface Flow {
  readonly sources: readonly (readonly number[])[];
  readonly consumers: readonly (readonly number[])[];
}

/** The data flow among nodes with these loose ids; links from or to anything else, and from a node to itself, are left out. */
export function flowOf(ids: readonly string[], links: readonly LinkEnds[]): Flow {
  const at = new Map(ids.map((id, index) => [id, index]));
  const sources: number[][] = ids.map(() => []);
  const consumers: number[][] = ids.map(() => []);
  const seen = new Set<number>();
  for (const { origin, target } of links) {
    const [from, to] = [at.get(origin), at.get(target)];
    if (from === undefined || to === undefined || from === to) continue;
    const pair = from * ids.length + to;
    if (seen.has(pair)) continue;
    seen.add(pair);
    sources[to]?.push(from);
    consumers[from]?.push(to);
  }
  return { sources, consumers };
}

/** Indexes with every source before its consumers, ties as they stand; nodes of a cycle come last. */
export function executionOrder({ sources, consumers }: Flow): number[] {
  const waiting = sources.map((list) => list.length);
  const order = waiting.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let at = 0; at < order.length; at++) {
    for (const next of consumers[order[at] ?? 0] ?? []) {
      waiting[next] = (waiting[next] ?? 0) - 1;
      if (waiting[next] === 0) order.push(next);
    }
  }
  const placed = new Set(order);
  return [...order, ...[...sources.keys()].filter((index) => !placed.has(index))];
}

/**
 * Indexes in file order: known nodes as they stood, each node that nobody knows before its first consumer.
 * Older frontends drop some links whose source stands after its consumer.
 * @param known index by saved position; nodes that are missing in it are the unknown ones
 */
export function fileOrder(flow: Flow, known: readonly number[]): number[] {
  const isKnown = new Set(known);
  const done = new Set<number>();
  const order: number[] = [];
  const rank = executionOrder(flow);
  for (const start of [...known, ...rank]) emitWithSources(start);
  return order;

  /** Depth first over unknown sources, without recursion: chains are as long as the file likes. */
  function emitWithSources(start: number): void {
    const stack = [start];
    const opened = new Set<number>();
    while (stack.length > 0) {
      const index = stack.at(-1) ?? 0;
      const open = opened.has(index)
        ? []
        : (flow.sources[index] ?? []).filter((one) => !done.has(one) && !isKnown.has(one) && !opened.has(one));
      opened.add(index);
      if (open.length > 0) {
        stack.push(...open);
        continue;
      }
      stack.pop();
      if (!done.has(index)) order.push(index);
      done.add(index);
    }
  }
}
