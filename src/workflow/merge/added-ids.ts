import type { MergeGraph, MergeNode } from './model.js';
import { sameNode } from './nodes.js';
import type { Sides } from './sides.js';

/** Graphs of one version by definition id; `undefined` is the root. Graphs that could not be taken apart are not among them. */
export type Graphs = ReadonlyMap<string | undefined, MergeGraph>;

/** New ids of nodes that theirs added, by graph, old to new. */
export type Renumbering = ReadonlyMap<string | undefined, ReadonlyMap<string, string>>;

/**
 * Which nodes that theirs added must get other ids, because ours gave these to nodes of its own; in any graph, since the frontend wants ids to be
 * unique over all. What both sides added alike, as after a cherry-pick, is one node and keeps its id.
 */
export function renumberAdded(sides: Sides<Graphs>, freshId: () => string): Renumbering {
  const { base, ours, theirs } = sides;
  const alike = new Map(
    [...(theirs ?? [])].map(([key]) => [key, addedAlike(base?.get(key), ours?.get(key), theirs?.get(key))]),
  );
  const taken = new Set<string>();
  for (const [key, graph] of ours ?? []) {
    for (const id of addedIds(base?.get(key), graph)) if (alike.get(key)?.has(id) !== true) taken.add(id);
  }
  const all = new Map<string | undefined, ReadonlyMap<string, string>>();
  for (const [key, graph] of theirs ?? []) {
    const own = addedIds(base?.get(key), graph).filter((id) => taken.has(id) && alike.get(key)?.has(id) !== true);
    if (own.length > 0) all.set(key, new Map(own.map((id) => [id, freshId()])));
  }
  return all;
}

const addedIds = (base: MergeGraph | undefined, graph: MergeGraph): string[] =>
  [...graph.nodes.keys()].filter((id) => base?.nodes.has(id) !== true);

/** Nodes that both sides added with the same members, fed by the same nodes. In a graph without a common version ids are believed. */
function addedAlike(
  base: MergeGraph | undefined,
  ours: MergeGraph | undefined,
  theirs: MergeGraph | undefined,
): ReadonlySet<string> {
  if (ours === undefined || theirs === undefined) return new Set();
  const both = addedIds(base, theirs).filter((id) => ours.nodes.has(id));
  if (base === undefined) return new Set(both);
  const shared = new Set(both);
  const other = new Set(both.filter((id) => !isAlike(ours.nodes.get(id), theirs.nodes.get(id))));
  // A node whose source is another one in the other version is another one too, and so on down the graph.
  const fed = readersOf(theirs);
  const open = [...other];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const reader of fed.get(id) ?? []) {
      if (!shared.has(reader) || other.has(reader)) continue;
      other.add(reader);
      open.push(reader);
    }
  }
  return new Set(both.filter((id) => !other.has(id)));
}

/** Which nodes each node feeds. */
function readersOf({ nodes }: MergeGraph): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, string[]>();
  for (const [id, { links }] of nodes) {
    for (const { origin } of links.values()) {
      const known = readers.get(origin);
      if (known === undefined) readers.set(origin, [id]);
      else known.push(id);
    }
  }
  return readers;
}

/** Same members, and links from nodes of the same ids. */
const isAlike = (a: MergeNode | undefined, b: MergeNode | undefined) =>
  a !== undefined && b !== undefined && sameNode(a, b);
