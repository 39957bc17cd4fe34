import { looseId } from './graphs.js';
import { isArray, isObject, type Json, type JsonObject, toDouble } from './json.js';

/** One link by its ends; nodes by loose id, slots by index. */
export interface LinkEnds {
  readonly id: Json;
  readonly origin: string;
  readonly originSlot: number | undefined;
  readonly target: string;
  readonly targetSlot: number | undefined;
}

/** The links of a graph, tuples and objects alike; holes and what is no link are skipped. */
export function linksOf(graph: JsonObject): LinkEnds[] {
  const links = graph.get('links');
  if (!isArray(links)) return [];
  return links.flatMap((link) => endsOf(link) ?? []);
}

function endsOf(link: Json): LinkEnds | undefined {
  const [id, origin, originSlot, target, targetSlot] = isArray(link) ? link : isObject(link) ? members(link) : [];
  if (id === undefined || id === null) return undefined;
  return {
    id,
    origin: looseId(origin),
    originSlot: toDouble(originSlot),
    target: looseId(target),
    targetSlot: toDouble(targetSlot),
  };
}

const members = (link: JsonObject) =>
  ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot'].map((key) => link.get(key));
