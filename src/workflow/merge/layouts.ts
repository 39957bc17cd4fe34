import { looseId } from '../graphs.js';
import { isArray, isObject, type Json, type JsonObject, parseJson } from '../json.js';
import { emptyGraphLayout, type GraphLayout, type UntimedLayout } from '../layout.js';
import type { Renumbering } from './added-ids.js';
import { mergedOrder } from './order.js';
import { type Merging, mapSides, type Sides } from './sides.js';
import { mergeMembers, mergeValue } from './values.js';

/** What theirs is called in the merged workflow: nodes and links by graph, old id to new. */
export interface TheirNames {
  readonly nodes: Renumbering;
  readonly links: Renumbering;
}

/** The layout of a merged workflow: each node where the side put it that moved or added it; what both moved, where we have it. */
export function mergeLayouts(sides: Sides<UntimedLayout>, names: TheirNames): UntimedLayout {
  const theirs = sides.theirs && renamed(sides.theirs, names);
  const all = { ...sides, theirs };
  const keys = mergedOrder(...keysOf(mapSides(all, ({ subgraphs }) => subgraphs)));
  const subgraphs = keys.map(
    (key) => [key, mergeGraphLayouts(mapSides(all, (layout) => layout.subgraphs.get(key)))] as const,
  );
  return { layout: 1, root: mergeGraphLayouts(mapSides(all, ({ root }) => root)), subgraphs: new Map(subgraphs) };
}

type Keyed = ReadonlyMap<string, unknown>;

const keysOf = (sides: Sides<Keyed>): [string[], string[], string[]] => [
  [...(sides.base?.keys() ?? [])],
  [...(sides.ours?.keys() ?? [])],
  [...(sides.theirs?.keys() ?? [])],
];

function mergeGraphLayouts(sides: Sides<GraphLayout>): GraphLayout {
  const list = (pick: (layout: GraphLayout) => readonly string[]) => {
    const { base, ours, theirs } = mapSides(sides, pick);
    return mergedOrder(base ?? [], ours ?? [], theirs ?? []);
  };
  return {
    order: list(({ order }) => order),
    nodes: mergeMaps(mapSides(sides, ({ nodes }) => nodes)),
    groupOrder: list(({ groupOrder }) => groupOrder),
    groups: mergeMaps(mapSides(sides, ({ groups }) => groups)),
    links: mergeMaps(mapSides(sides, ({ links }) => links)),
    members: mergeMaps(mapSides(sides, ({ members }) => new Map([['', members]]))).get('') ?? emptyGraphLayout.members,
  };
}

/** Nobody is asked about a layout: where both sides changed it, ours. What one side has no longer may still be wanted by a conflict. */
function mergeMaps(sides: Sides<ReadonlyMap<string, JsonObject>>): Map<string, JsonObject> {
  const quiet: Merging = { choices: new Map(), based: true, conflicts: [] };
  const merged = new Map<string, JsonObject>();
  for (const key of mergedOrder(...keysOf(sides))) {
    const each = mapSides(sides, (map) => map.get(key));
    const only = each.ours === undefined ? each.theirs : each.theirs === undefined ? each.ours : undefined;
    const spot = { graph: undefined, node: '', path: [] };
    const value = only ?? mergeMembers(each, (_, member) => mergeValue(member, spot, quiet));
    merged.set(key, value);
  }
  return merged;
}

function renamed({ root, subgraphs }: UntimedLayout, { nodes, links }: TheirNames): UntimedLayout {
  const rename = (layout: GraphLayout, key: string | undefined) =>
    renamedGraph(layout, nodes.get(key) ?? none, links.get(key) ?? none);
  return {
    layout: 1,
    root: rename(root, undefined),
    subgraphs: new Map([...subgraphs].map(([key, layout]) => [key, rename(layout, key)])),
  };
}

type Moves = ReadonlyMap<string, string>;
const none: Moves = new Map();

function renamedGraph(layout: GraphLayout, nodes: Moves, links: Moves): GraphLayout {
  if (nodes.size === 0 && links.size === 0) return layout;
  return {
    ...layout,
    order: layout.order.map((key) => renamedKey(key, nodes)),
    nodes: new Map([...layout.nodes].map(([key, node]) => [renamedKey(key, nodes), node])),
    links: new Map([...layout.links].map(([key, link]) => [renamedKey(key, links), link])),
    members: withBends(layout.members, links),
  };
}

/** Keys are ids as JSON text, with `'` behind where an id stands twice. */
function renamedKey(key: string, moves: Moves): string {
  const now = moves.get(key.startsWith('"') ? looseId(parsed(key)) : key);
  return now === undefined ? key : key.startsWith('"') ? JSON.stringify(now) : now;
}

function parsed(key: string): Json {
  try {
    return parseJson(key);
  } catch {
    return null;
  }
}

/** Bends of wires name the links that they belong to. */
function withBends(members: JsonObject, links: Moves): JsonObject {
  if (links.size === 0) return members;
  const changed: JsonObject = new Map(members);
  const extra = members.get('extra');
  if (members.has('reroutes')) changed.set('reroutes', withLinkIds(members.get('reroutes') ?? null, links));
  if (!isObject(extra)) return changed;
  const inside: JsonObject = new Map(extra);
  if (extra.has('reroutes')) inside.set('reroutes', withLinkIds(extra.get('reroutes') ?? null, links));
  if (extra.has('linkExtensions')) inside.set('linkExtensions', withIds(extra.get('linkExtensions') ?? null, links));
  return changed.set('extra', inside);
}

const idIn = (id: Json, links: Moves): Json => {
  const now = links.get(looseId(id));
  return now === undefined ? id : Number(now);
};

const withLinkIds = (reroutes: Json, links: Moves): Json =>
  mapObjects(reroutes, (reroute) => {
    const ids = reroute.get('linkIds');
    return isArray(ids)
      ? new Map(reroute).set(
          'linkIds',
          ids.map((id) => idIn(id, links)),
        )
      : reroute;
  });

const withIds = (extensions: Json, links: Moves): Json =>
  mapObjects(extensions, (extension) => new Map(extension).set('id', idIn(extension.get('id') ?? null, links)));

const mapObjects = (list: Json, change: (item: JsonObject) => JsonObject): Json =>
  isArray(list) ? list.map((item) => (isObject(item) ? change(item) : item)) : list;
