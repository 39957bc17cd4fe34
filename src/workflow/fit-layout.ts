import { linksOf } from './graph-links.js';
import { graphsOf, looseId } from './graphs.js';
import { isArray, isObject, type Json, type JsonObject } from './json.js';
import { emptyGraphLayout, type GraphLayout, type UntimedLayout } from './layout.js';

/**
 * A layout of another version of the workflow, without what could only mislead in this one: bends of wires go where any of the
 * links that they belong to is not here. Nodes need no care: those that are not here are never asked for.
 */
export function fitLayout(layout: UntimedLayout, normal: JsonObject): UntimedLayout {
  const fitted = new Map(
    graphsOf(normal).map(({ key, graph }) => [key, fitGraph(layoutOf(layout, key), graph)] as const),
  );
  const subgraphs = [...layout.subgraphs].map(([key, graph]) => [key, fitted.get(key) ?? graph] as const);
  return { layout: 1, root: fitted.get(undefined) ?? layout.root, subgraphs: new Map(subgraphs) };
}

const layoutOf = (layout: UntimedLayout, key: string | undefined) =>
  (key === undefined ? layout.root : layout.subgraphs.get(key)) ?? emptyGraphLayout;

function fitGraph(layout: GraphLayout, graph: JsonObject): GraphLayout {
  const known = new Set(linksOf(graph).map(({ id }) => looseId(id)));
  if (bentLinks(layout.members).every((id) => known.has(id))) return layout;
  const members: JsonObject = new Map(layout.members);
  const extra = members.get('extra');
  if (isObject(extra)) members.set('extra', without(extra, ['reroutes', 'linkExtensions']));
  return { ...layout, links: new Map(), members: without(members, ['reroutes', 'floatingLinks']) };
}

/** Ids of the links that bends belong to; a floating link is one that is not here, by definition. */
function bentLinks(members: JsonObject): string[] {
  const extra = members.get('extra');
  const lists = [members.get('reroutes'), isObject(extra) ? extra.get('reroutes') : undefined];
  const ids = lists.flatMap((list) => (isArray(list) ? list.flatMap(linkIds) : []));
  const floating = members.get('floatingLinks');
  return isArray(floating) && floating.length > 0 ? [...ids, 'floating'] : ids;
}

function linkIds(reroute: Json): string[] {
  const ids = isObject(reroute) ? reroute.get('linkIds') : undefined;
  return isArray(ids) ? ids.map(looseId) : [];
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  const rest: JsonObject = new Map(object);
  for (const key of keys) rest.delete(key);
  return rest;
}
