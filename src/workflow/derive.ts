import { type LinkEnds, linksOf } from './graph-links.js';
import { looseId } from './graphs.js';
import { isArray, isObject, type Json, type JsonObject, toDouble } from './json.js';
import { executionOrder, flowOf } from './node-order.js';

/**
 * Makes the derived members of a graph's nodes again, in the nodes themselves: `order` (a topological rank), on every output `links`
 * ascending and `slot_index`. The other end of each link, `inputs[].link` and `target_slot`, is never left out.
 */
export function deriveMembers(graph: JsonObject, nodes: readonly JsonObject[]): void {
  const links = linksOf(graph);
  const ids = nodes.map((node) => looseId(node.get('id')));
  const ranks = new Map(executionOrder(flowOf(ids, links)).map((index, rank) => [index, rank]));
  const leaving = linksByOrigin(links);
  for (const [index, node] of nodes.entries()) {
    node.set('order', ranks.get(index) ?? index);
    const outputs = node.get('outputs');
    if (isArray(outputs)) node.set('outputs', withLinks(outputs, leaving.get(ids[index] ?? '')));
  }
}

/** Link ids by node and slot that they leave from, ascending. */
function linksByOrigin(links: readonly LinkEnds[]): Map<string, Map<number, Json[]>> {
  const leaving = new Map<string, Map<number, Json[]>>();
  for (const { id, origin, originSlot } of links) {
    if (originSlot === undefined) continue;
    const slots = leaving.get(origin) ?? new Map<number, Json[]>();
    leaving.set(origin, slots);
    const ids = slots.get(originSlot);
    if (ids === undefined) slots.set(originSlot, [id]);
    else ids.push(id);
  }
  return leaving;
}

function withLinks(outputs: readonly Json[], leaving: ReadonlyMap<number, Json[]> | undefined): Json[] {
  return outputs.map((slot, at) => {
    if (!isObject(slot)) return slot;
    const whole: JsonObject = new Map(slot);
    const ids = leaving?.get(at)?.toSorted((a, b) => (toDouble(a) ?? 0) - (toDouble(b) ?? 0));
    return whole.set('links', ids ?? null).set('slot_index', at);
  });
}
