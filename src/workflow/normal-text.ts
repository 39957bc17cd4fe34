import { isArray, isObject, type Json, type JsonObject, quoted, writeJson } from './json.js';
import { definitionKeys, groupKeyOrder, linkKeyOrder, nodeKeyOrder, rootKeys, slotKeyOrder } from './key-order.js';

/**
 * Canonical text of a workflow, in normal form or with its layout put back: fixed key order, one slot, link, group, property or
 * widget value a line, two spaces a level, LF and a final newline. Equal values give equal bytes.
 */
export const writeNormalText = (workflow: JsonObject): string => `${root(workflow, '')}\n`;

/** Writes a value that starts on a line with this indent. */
type Writer = (value: Json, indent: string) => string;

/** On one line. Keys stay as they stand: nobody but their owner knows what their order means. */
const line: Writer = (value) => writeJson(value, ' ');

/** One item a line. */
function list(item: Writer): Writer {
  return (value, indent) => {
    if (!isArray(value) || value.length === 0) return line(value, indent);
    const inner = `${indent}  `;
    let text = '';
    for (const one of value) text += `${text === '' ? '' : ','}\n${inner}${item(one, inner)}`;
    return `[${text}\n${indent}]`;
  };
}

/** One member a line, known ones first and in their order. */
function object(order: readonly string[], writers: Readonly<Record<string, Writer>>): Writer {
  const known = new Set(order);
  return (value, indent) => {
    if (!isObject(value) || value.size === 0) return line(value, indent);
    const inner = `${indent}  `;
    let text = '';
    forEachInOrder(value, order, known, (key, member) => {
      const write = Object.hasOwn(writers, key) ? (writers[key] ?? line) : line;
      text += `${text === '' ? '' : ','}\n${inner}${quoted(key)}: ${write(member, inner)}`;
    });
    return `{${text}\n${indent}}`;
  };
}

/** All members on one line, known ones first and in their order. */
function lineInOrder(order: readonly string[]): Writer {
  const known = new Set(order);
  return (value, indent) => {
    if (!isObject(value)) return line(value, indent);
    let text = '';
    forEachInOrder(value, order, known, (key, member) => {
      text += `${text === '' ? '' : ', '}${quoted(key)}: ${line(member, indent)}`;
    });
    return `{${text}}`;
  };
}

function forEachInOrder(
  value: JsonObject,
  order: readonly string[],
  known: ReadonlySet<string>,
  write: (key: string, member: Json) => void,
): void {
  let written = 0;
  for (const key of order) {
    const member = value.get(key);
    if (member === undefined) continue;
    write(key, member);
    written++;
  }
  if (written === value.size) return;
  for (const [key, member] of value) if (!known.has(key)) write(key, member);
}

/** One member a line, as they stand. */
const members = object([], {});

/** One value a line, for widgets: a list, or by name. */
const values: Writer = (value, indent) => (isArray(value) ? listOfLines(value, indent) : members(value, indent));

const listOfLines = list(line);
const slots = list(lineInOrder(slotKeyOrder));

const node = object(nodeKeyOrder, {
  inputs: slots,
  outputs: slots,
  properties: members,
  widgets_values: values,
  widgets_values_named: values,
});

const graphWriters: Readonly<Record<string, Writer>> = {
  inputs: slots,
  outputs: slots,
  nodes: list(node),
  links: list(lineInOrder(linkKeyOrder)),
  floatingLinks: list(lineInOrder(linkKeyOrder)),
  reroutes: listOfLines,
  groups: list(lineInOrder(groupKeyOrder)),
  models: listOfLines,
  extra: members,
  definitions: (value, indent) => definitions(value, indent),
};

const root = object(rootKeys, graphWriters);
const definition = object(definitionKeys, graphWriters);
const definitions = object([], { subgraphs: list(definition) });
