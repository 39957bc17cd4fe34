import { isArray, isObject, type Json, type JsonObject, quoted } from './json.js';
import { openSink, putAscii, putJson, putQuoted, type Sink, sinkBytes } from './json-bytes.js';
import { definitionKeys, groupKeyOrder, linkKeyOrder, nodeKeyOrder, rootKeys, slotKeyOrder } from './key-order.js';

/**
 * Canonical text of a workflow, in normal form or with its layout put back, as UTF-8: fixed key order, one slot, link, group, property
 * or widget value a line, two spaces a level, LF and a final newline. Equal values give equal bytes.
 * @param expected about how many bytes it will be
 */
export function writeNormalBytes(workflow: JsonObject, expected?: number): Buffer {
  const sink = openSink(expected);
  root(sink, workflow, '\n');
  putAscii(sink, '\n');
  return sinkBytes(sink);
}

export const writeNormalText = (workflow: JsonObject): string => writeNormalBytes(workflow).toString('utf8');

/** Writes a value; `newline` starts a line with the indent of the one that the value stands on. */
type Writer = (sink: Sink, value: Json, newline: string) => void;

/** On one line. Keys stay as they stand: nobody but their owner knows what their order means. */
const line: Writer = (sink, value) => putJson(sink, value, ' ');

/** One item a line. */
function list(item: Writer): Writer {
  return (sink, value, newline) => {
    if (!isArray(value) || value.length === 0) return line(sink, value, newline);
    const inner = `${newline}  `;
    let before = '[';
    for (const one of value) {
      putAscii(sink, before);
      putAscii(sink, inner);
      item(sink, one, inner);
      before = ',';
    }
    putAscii(sink, newline);
    putAscii(sink, ']');
  };
}

type Writers = Readonly<Record<string, Writer>>;

/** One member a line, known ones first and in their order. */
function object(order: readonly string[], writers: Writers): Writer {
  const formAt = new Map<string, Form>();
  return (sink, value, newline) => {
    if (!isObject(value) || value.size === 0) return line(sink, value, newline);
    const inner = `${newline}  `;
    const form = formAt.get(newline) ?? formOf(order, writers, inner, ',');
    formAt.set(newline, form);
    putMembers(sink, value, form, inner);
    putAscii(sink, newline);
    putAscii(sink, '}');
  };
}

/** All members on one line, known ones first and in their order. */
function lineInOrder(order: readonly string[]): Writer {
  const form = formOf(order, {}, '', ', ');
  return (sink, value, newline) => {
    if (!isObject(value) || value.size === 0) return line(sink, value, newline);
    putMembers(sink, value, form, newline);
    putAscii(sink, '}');
  };
}

/** How the members of one kind of object are written, at one depth. */
interface Form {
  readonly order: readonly string[];
  readonly known: ReadonlyMap<string, KnownMember>;
  /** What stands before any other first member, and before any other. */
  readonly opening: string;
  readonly between: string;
}

interface KnownMember {
  /** Its place in the order; the length of the order where it has none. */
  readonly rank: number;
  /** The key as it is written, with its colon and what stands before it: as the first member, and as a later one. */
  readonly first: string;
  readonly next: string;
  readonly write: Writer;
}

function formOf(order: readonly string[], writers: Writers, before: string, comma: string): Form {
  const [opening, between] = [`{${before}`, `${comma}${before}`];
  const others = Object.keys(writers).filter((key) => !order.includes(key));
  const members = [...order, ...others].map((key, index) => {
    const label = `${quoted(key)}: `;
    const [first, next] = [opening + label, between + label].map(flat);
    const rank = Math.min(index, order.length);
    return [key, { rank, first: first ?? '', next: next ?? '', write: writers[key] ?? line }] as const;
  });
  return { order, known: new Map(members), opening, between };
}

/** The text in one piece: what JavaScript puts together it keeps in parts, which are slow to read again and again. */
const flat = (text: string) => Buffer.from(text).toString();

function putMembers(sink: Sink, value: JsonObject, form: Form, newline: string): void {
  let isFirst = true;
  eachInOrder(value, form, (key, member) => {
    const known = form.known.get(key);
    if (known === undefined) {
      putAscii(sink, isFirst ? form.opening : form.between);
      putQuoted(sink, key);
      putAscii(sink, ': ');
      line(sink, member, newline);
    } else {
      putAscii(sink, isFirst ? known.first : known.next);
      known.write(sink, member, newline);
    }
    isFirst = false;
  });
}

/** The known members first, in their order, then the others as they stand; mostly they stand that way already. */
function eachInOrder(value: JsonObject, form: Form, write: (key: string, member: Json) => void): void {
  const { order, known } = form;
  if (isInOrder(value, form)) {
    for (const [key, member] of value) write(key, member);
    return;
  }
  for (const key of order) {
    const member = value.get(key);
    if (member !== undefined) write(key, member);
  }
  for (const [key, member] of value) if ((known.get(key)?.rank ?? order.length) === order.length) write(key, member);
}

function isInOrder(value: JsonObject, { order, known }: Form): boolean {
  let last = -1;
  for (const key of value.keys()) {
    const rank = known.get(key)?.rank ?? order.length;
    if (rank < last) return false;
    last = rank;
  }
  return true;
}

/** One member a line, as they stand. */
const members = object([], {});

/** One value a line, for widgets: a list, or by name. */
const values: Writer = (sink, value, newline) => (isArray(value) ? listOfLines : members)(sink, value, newline);

const listOfLines = list(line);
const slots = list(lineInOrder(slotKeyOrder));

const node = object(nodeKeyOrder, {
  inputs: slots,
  outputs: slots,
  properties: members,
  widgets_values: values,
  widgets_values_named: values,
});

const graphWriters: Writers = {
  inputs: slots,
  outputs: slots,
  nodes: list(node),
  links: list(lineInOrder(linkKeyOrder)),
  floatingLinks: list(lineInOrder(linkKeyOrder)),
  reroutes: listOfLines,
  groups: list(lineInOrder(groupKeyOrder)),
  models: listOfLines,
  extra: members,
  definitions: (sink, value, newline) => definitions(sink, value, newline),
};

const root = object(rootKeys, graphWriters);
const definition = object(definitionKeys, graphWriters);
const definitions = object([], { subgraphs: list(definition) });
