import { isArray, isObject, type Json, type JsonObject, writeJson } from './json.js';
import { definitionKeys, groupKeyOrder, linkKeyOrder, nodeKeyOrder, rootKeys, slotKeyOrder } from './key-order.js';

/**
 * Canonical text of a workflow, in normal form or with its layout put back: fixed key order, one slot, link, group, property or
 * widget value a line, two spaces a level, LF and a final newline. Equal values give equal bytes.
 */
export const writeNormalText = (workflow: JsonObject): string => `${writeGraph(workflow, rootKeys, '')}\n`;

type Writer = (value: Json, indent: string) => string;

/** On one line. Keys stay as they stand: nobody but their owner knows what their order means. */
const line: Writer = (value) => writeJson(value, ' ');

const object =
  (order: readonly string[], members: Readonly<Record<string, Writer>>): Writer =>
  (value, indent) =>
    isObject(value) ? block(ordered(value, order), (key) => members[key] ?? line, indent) : line(value, indent);

/** One item a line. */
const list =
  (item: Writer): Writer =>
  (value, indent) => {
    if (!isArray(value) || value.length === 0) return line(value, indent);
    const inner = `${indent}  `;
    return `[\n${value.map((one) => `${inner}${item(one, inner)}`).join(',\n')}\n${indent}]`;
  };

/** One member a line, whatever it is. */
const members: Writer = (value, indent) =>
  isObject(value) ? block([...value], () => line, indent) : line(value, indent);

const lineInOrder =
  (order: readonly string[]): Writer =>
  (value, indent) =>
    isObject(value) ? line(new Map(ordered(value, order)), indent) : line(value, indent);

/** One value a line, for widgets: a list, or by name. */
const values: Writer = (value, indent) => (isArray(value) ? list(line)(value, indent) : members(value, indent));

const slots = list(lineInOrder(slotKeyOrder));

const node = object(nodeKeyOrder, {
  inputs: slots,
  outputs: slots,
  properties: members,
  widgets_values: values,
  widgets_values_named: values,
});

const graphMembers: Readonly<Record<string, Writer>> = {
  inputs: slots,
  outputs: slots,
  nodes: list(node),
  links: list(lineInOrder(linkKeyOrder)),
  floatingLinks: list(lineInOrder(linkKeyOrder)),
  reroutes: list(line),
  groups: list(lineInOrder(groupKeyOrder)),
  models: list(line),
  extra: members,
  definitions: (value, indent) => object([], { subgraphs: list(definition) })(value, indent),
};

const definition: Writer = (value, indent) =>
  isObject(value) ? writeGraph(value, definitionKeys, indent) : line(value, indent);

const writeGraph = (graph: JsonObject, order: readonly string[], indent: string) =>
  block(ordered(graph, order), (key) => graphMembers[key] ?? line, indent);

function block(entries: readonly (readonly [string, Json])[], writer: (key: string) => Writer, indent: string): string {
  if (entries.length === 0) return '{}';
  const inner = `${indent}  `;
  const lines = entries.map(([key, value]) => `${inner}${JSON.stringify(key)}: ${writer(key)(value, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function ordered(value: JsonObject, order: readonly string[]): (readonly [string, Json])[] {
  const entries: (readonly [string, Json])[] = [];
  for (const key of order) {
    const known = value.get(key);
    if (known !== undefined) entries.push([key, known]);
  }
  if (entries.length === value.size) return entries;
  for (const entry of value) if (!order.includes(entry[0])) entries.push(entry);
  return entries;
}
