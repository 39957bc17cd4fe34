import { type GraphNode, inputNodeId, outputNodeId, readWorkflow, type Workflow } from './graph.js';
import { mapGraphs, nodesOf, objectsOf } from './graphs.js';
import { isArray, isObject, type Json, type JsonObject } from './json.js';
import { mergeValue } from './merge-values.js';
import { normalise } from './normal-form.js';
import { idText } from './slot-shapes.js';

export interface Merged {
  /** In normal form; where there are conflicts, ours in their place. */
  readonly workflow: JsonObject;
  /** What both sides changed, or what does not fit together, each in a few words. */
  readonly conflicts: readonly string[];
}

/**
 * Three-way merge of workflows: nodes, links and definitions by id, inputs by name, widget values by position, everything else by
 * member. Edits of different places unite; without a common version only equal files do; in doubt there is a conflict, never a guess. The result is one that ComfyUI loads.
 */
export function mergeWorkflows(base: JsonObject | undefined, ours: JsonObject, theirs: JsonObject): Merged {
  const [b, o, t] = [base, ours, theirs].map((side) => side && withoutTargetSlots(normalise(side).normal));
  const conflicts: string[] = [];
  const merged = mergeValue({ base: b, ours: o, theirs: t }, { path: [], conflicts });
  const whole = withTargetSlots(isObject(merged) ? merged : ours);
  const loose = looseEnds(readWorkflow(whole));
  return { workflow: normalise(whole).normal, conflicts: [...conflicts, ...loose] };
}

/** An input's position moves when another input gets its first link; the link itself is no other for that. */
const withoutTargetSlots = (workflow: JsonObject): JsonObject =>
  mapGraphs(workflow, (graph) => withSlots(graph, () => 0));

/** The position of the input that holds the link. */
function withTargetSlots(workflow: JsonObject): JsonObject {
  return mapGraphs(workflow, (graph) => {
    const slots = new Map<string, number>();
    for (const node of nodesOf(graph)) {
      for (const [at, slot] of objectsOf(node.get('inputs')).entries()) {
        const link = idText(slot.get('link'));
        if (link !== undefined) slots.set(link, at);
      }
    }
    return withSlots(graph, (id) => slots.get(id));
  });
}

/** Links to the outputs of a definition keep theirs: no node holds them. */
function withSlots(graph: JsonObject, slotOf: (link: string) => number | undefined): JsonObject {
  const links = graph.get('links');
  if (!isArray(links)) return graph;
  return new Map(graph).set(
    'links',
    links.map((link) => withSlot(link, slotOf)),
  );
}

function withSlot(link: Json, slotOf: (link: string) => number | undefined): Json {
  const [id, target] = isArray(link)
    ? [link[0], link[3]]
    : isObject(link)
      ? [link.get('id'), link.get('target_id')]
      : [];
  const slot = slotOf(idText(id) ?? '');
  if (slot === undefined || idText(target) === outputNodeId) return link;
  if (isArray(link)) return link.with(4, slot);
  return isObject(link) ? new Map(link).set('target_slot', slot) : link;
}

/** Links whose two ends do not agree: one side took a node away that the other one connected. */
function looseEnds({ root, definitions }: Workflow): string[] {
  return [root, ...definitions.values()].flatMap(({ nodes, links }) => {
    const there = (id: string) => nodes.has(id) || id === inputNodeId || id === outputNodeId;
    const cut = [...links.values()]
      .filter(
        ({ id, origin, target }) =>
          !there(origin) || !there(target) || (nodes.has(target) && !holds(nodes.get(target), id)),
      )
      .map(({ id, origin, target }) => `link ${id} from #${origin} to #${target}`);
    const dangling = [...nodes.values()].flatMap(({ id, inputs }) =>
      inputs
        .filter(({ link }) => link !== undefined && links.get(link)?.target !== id)
        .map(({ name }) => `input ${name} of #${id}`),
    );
    return [...cut, ...dangling];
  });
}

const holds = (node: GraphNode | undefined, link: string) => node?.inputs.some((slot) => slot.link === link) === true;
