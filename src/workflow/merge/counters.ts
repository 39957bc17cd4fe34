import { linksOf } from '../graph-links.js';
import { nodesOf, objectsOf } from '../graphs.js';
import { isObject, type Json, type JsonObject, toDouble } from '../json.js';
import type { Bodies } from './definitions.js';

/** Gives ids that no version has used. */
export interface FreshIds {
  node(): string;
  link(): number;
  /** The workflow with its counters at least as high as what was given out; they stay as they are where nothing was. */
  counted(workflow: JsonObject): JsonObject;
}

export function freshIds(versions: readonly Bodies[]): FreshIds {
  const bodies = versions.flatMap((version) => [...version.values()]);
  const given = { node: 0, link: 0 };
  let [node, link] = [highest(bodies.flatMap(nodeIds)), highest(bodies.flatMap(linkIds))];
  return {
    node() {
      given.node = ++node;
      return String(node);
    },
    link() {
      given.link = ++link;
      return link;
    },
    counted(workflow) {
      const raised = raise(raise(workflow, 'last_node_id', given.node), 'last_link_id', given.link);
      const definitions = raised.get('definitions');
      const subgraphs = isObject(definitions) ? objectsOf(definitions.get('subgraphs')) : [];
      if (!isObject(definitions) || subgraphs.length === 0 || given.node + given.link === 0) return raised;
      return new Map(raised).set(
        'definitions',
        new Map(definitions).set(
          'subgraphs',
          subgraphs.map((body) => withState(body, given)),
        ),
      );
    },
  };
}

/** Definitions repeat the counters of the root in `state`. */
function withState(body: JsonObject, given: { readonly node: number; readonly link: number }): JsonObject {
  const state = body.get('state');
  if (!isObject(state)) return body;
  return new Map(body).set('state', raise(raise(state, 'lastNodeId', given.node), 'lastLinkId', given.link));
}

function raise(object: JsonObject, key: string, least: number): JsonObject {
  const now = object.get(key);
  if (least <= (numberOf(now) ?? 0)) return object;
  return new Map(object).set(key, typeof now === 'string' ? String(least) : least);
}

function nodeIds(body: JsonObject): (Json | undefined)[] {
  const state = body.get('state');
  return [
    body.get('last_node_id'),
    isObject(state) ? state.get('lastNodeId') : undefined,
    ...nodesOf(body).map((node) => node.get('id')),
  ];
}

function linkIds(body: JsonObject): (Json | undefined)[] {
  const state = body.get('state');
  return [
    body.get('last_link_id'),
    isObject(state) ? state.get('lastLinkId') : undefined,
    ...linksOf(body).map(({ id }) => id),
  ];
}

const numberOf = (id: Json | undefined) =>
  typeof id === 'string' ? (/^\d+$/.test(id) ? Number(id) : undefined) : toDouble(id);

/** Ids of 10^18 and the like are somebody's own: counting on from there would leave what JavaScript can count. */
const highest = (ids: readonly (Json | undefined)[]): number =>
  ids
    .map(numberOf)
    .reduce<number>(
      (most, id) => (id !== undefined && id > most && id < 2 ** 50 && Number.isInteger(id) ? id : most),
      0,
    );
