import type { Json, JsonObject } from '../../src/workflow/json.js';

const titleBar = 30;

const numbers = (value: Json | undefined): number[] =>
  (Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : []).map(Number);

/** How many pairs of nodes cover each other, title bars included, over all graphs of a workflow; every node has `pos` and `size`. */
export function overlaps(workflow: JsonObject): number {
  const definitions = workflow.get('definitions');
  const bodies = definitions instanceof Map ? (definitions.get('subgraphs') as JsonObject[]) : [];
  return [workflow, ...bodies].reduce((sum, graph) => sum + overlapsIn(graph), 0);
}

function overlapsIn(graph: JsonObject): number {
  const boxes = (graph.get('nodes') as JsonObject[]).map((node) => {
    const [x = NaN, y = NaN] = numbers(node.get('pos'));
    const [width = NaN, height = NaN] = numbers(node.get('size'));
    if ([x, y, width, height].some(Number.isNaN)) throw new Error('a node without a place');
    return { left: x, top: y - titleBar, right: x + width, bottom: y + height };
  });
  let found = 0;
  for (const [at, a] of boxes.entries()) {
    for (const b of boxes.slice(at + 1)) {
      if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) found++;
    }
  }
  return found;
}
