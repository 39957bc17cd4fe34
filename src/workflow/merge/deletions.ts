import { type MergeGraph, type MergeNode, type Source, sameSource, withNodes } from './model.js';
import { sameNode } from './nodes.js';
import { decide, type Merging, type Side, type Sides, type Spot } from './sides.js';
import { withSlots } from './slots.js';

/** What is needed to judge deletions in one graph. */
export interface Deleting {
  readonly spot: Spot;
  readonly merging: Merging;
  /** Whether a version changed the subgraph that is the node's type: whoever edits inside edits the node. */
  readonly isInnerChanged: (side: Side, node: MergeNode) => boolean;
}

/**
 * Settles what one side took out and the other one edited or connected: a conflict for each. Afterwards a node that stays is in both versions, and one
 * that goes is in neither.
 */
export function settleDeletions(sides: Sides<MergeGraph>, deleting: Deleting): Sides<MergeGraph> {
  const { base, ours, theirs } = sides;
  if (ours === undefined || theirs === undefined) return sides;
  if (base === undefined) return settleOneSided({ base, ours, theirs }, deleting);
  const versions = { base, ours: withCutLinks(base, ours), theirs: withCutLinks(base, theirs) };
  const keep: Record<Side, Set<string>> = { ours: new Set(), theirs: new Set() };
  const drop: Record<Side, Set<string>> = { ours: new Set(), theirs: new Set() };
  const connected = {
    ours: newlyConnected(base, versions.ours, versions.theirs),
    theirs: newlyConnected(base, versions.theirs, versions.ours),
  };
  for (const [id, before] of base.nodes) {
    const [inOurs, inTheirs] = [ours.nodes.has(id), theirs.nodes.has(id)];
    if (inOurs === inTheirs) continue;
    const [deleter, other] = inOurs ? (['theirs', 'ours'] as const) : (['ours', 'theirs'] as const);
    const node = versions[other].nodes.get(id);
    const isEdited = node === undefined || !sameNode(before, node) || deleting.isInnerChanged(other, before);
    if (!isEdited && !connected[other].has(id)) continue;
    const spot = { ...deleting.spot, node: id };
    const [was, o, t] = [base, ours, theirs].map((graph) => graph.nodes.get(id)?.fields);
    const taken = decide(deleting.merging, spot, { base: was, ours: o, theirs: t });
    (taken === other ? keep[deleter] : drop[other]).add(id);
  }
  return {
    base,
    ours: dropped(base, kept(base, versions.ours, versions.theirs, keep.ours), drop.ours),
    theirs: dropped(base, kept(base, versions.theirs, versions.ours, keep.theirs), drop.theirs),
  };
}

/** Without a common version: a node that only one side has. */
function settleOneSided(
  { ours, theirs }: { base: undefined; ours: MergeGraph; theirs: MergeGraph },
  { spot, merging }: Deleting,
): Sides<MergeGraph> {
  const settle = (own: MergeGraph, other: MergeGraph, side: Side) =>
    [...own.nodes].filter(([id, { fields }]) => {
      if (other.nodes.has(id)) return true;
      const sides = side === 'ours' ? { ours: fields, theirs: undefined } : { ours: undefined, theirs: fields };
      return decide(merging, { ...spot, node: id }, { base: undefined, ...sides }) === side;
    });
  return {
    base: undefined,
    ours: { ...ours, nodes: new Map(settle(ours, theirs, 'ours')) },
    theirs: { ...theirs, nodes: new Map(settle(theirs, ours, 'theirs')) },
  };
}

/**
 * A link that went only because its source was taken out is put back for now: that is no edit of the node that it led to. Whoever has no
 * source in the end loses the link anyway.
 */
function withCutLinks(base: MergeGraph, version: MergeGraph): MergeGraph {
  const changed: [string, MergeNode][] = [];
  for (const [id, node] of version.nodes) {
    const before = base.nodes.get(id);
    const cut = [...(before?.links ?? [])].filter(
      ([key, { origin }]) => !node.links.has(key) && origin !== '' && !version.nodes.has(origin),
    );
    if (before === undefined || cut.length === 0) continue;
    const keys = cut.map(([key]) => key);
    changed.push([
      id,
      { fields: withSlots(before.fields, node.fields, keys), links: new Map([...node.links, ...cut]) },
    ]);
  }
  return withNodes(version, changed);
}

/** Nodes that a version connected to something that they were not connected to before, and that the other side did not take out. */
function newlyConnected(base: MergeGraph, version: MergeGraph, deleter: MergeGraph): ReadonlySet<string> {
  const origins = new Set<string>();
  for (const [target, { links }] of version.nodes) {
    const old = base.nodes.get(target);
    if (old !== undefined && !deleter.nodes.has(target)) continue;
    for (const [key, source] of links) if (!isSameSource(old?.links.get(key), source)) origins.add(source.origin);
  }
  return origins;
}

const isSameSource = (a: Source | undefined, b: Source) => a !== undefined && sameSource(a, b);

/** The version as if it had not taken out these nodes, nor what feeds them in the version that wants them. */
function kept(base: MergeGraph, version: MergeGraph, wanting: MergeGraph, ids: ReadonlySet<string>): MergeGraph {
  const restored = new Map<string, MergeNode>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const before = base.nodes.get(id);
    if (before === undefined || version.nodes.has(id) || restored.has(id)) continue;
    restored.set(id, before);
    for (const { origin } of wanting.nodes.get(id)?.links.values() ?? []) open.push(origin);
  }
  return restored.size === 0 ? version : withNodes(version, restored);
}

/** The version without these nodes; what it had connected to them is connected as before. */
function dropped(base: MergeGraph, version: MergeGraph, ids: ReadonlySet<string>): MergeGraph {
  if (ids.size === 0) return version;
  const nodes = [...version.nodes]
    .filter(([id]) => !ids.has(id))
    .map(([id, node]): [string, MergeNode] => {
      const links = [...node.links].flatMap(([key, source]) => {
        if (!ids.has(source.origin)) return [[key, source] as const];
        const before = base.nodes.get(id)?.links.get(key);
        return before === undefined ? [] : [[key, before] as const];
      });
      return [id, { ...node, links: new Map(links) }];
    });
  return { ...version, nodes: new Map(nodes) };
}
