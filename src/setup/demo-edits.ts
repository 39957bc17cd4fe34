import { isArray, isObject, type Json, type JsonObject, parseJson, writeJson } from '../workflow/json.js';

/** What ComfyUI writes after somebody has dragged every node: one line of JSON with other places. */
export function dragNodes(text: string): string {
  return editNodes(text, (node) => {
    const [x, y] = isArray(node.get('pos')) ? (node.get('pos') as Json[]) : [];
    return new Map(node).set('pos', [moved(x, 37), moved(y, -80)]);
  });
}

const moved = (place: Json | undefined, by: number) => (typeof place === 'number' ? place + by : by);

/** One widget of one node changed, as in the browser. */
export function setWidget(text: string, id: number, position: number, value: Json): string {
  return editNodes(text, (node) => {
    const values = node.get('widgets_values');
    if (node.get('id') !== id || !isArray(values)) return node;
    return new Map(node).set('widgets_values', values.with(position, value));
  });
}

function editNodes(text: string, edit: (node: JsonObject) => JsonObject): string {
  const workflow = parseJson(text);
  if (!isObject(workflow)) return text;
  const nodes = workflow.get('nodes');
  const edited = (isArray(nodes) ? nodes : []).map((node) => (isObject(node) ? edit(node) : node));
  return writeJson(new Map(workflow).set('nodes', edited));
}
