import { InputError } from '../../src/errors.js';
import { toPrompt } from '../../src/workflow/convert.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import type { ObjectInfo } from '../../src/workflow/interfaces.js';
import {
  isArray,
  isNumber,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
  toDouble,
  writeJson,
} from '../../src/workflow/json.js';
import { withoutVolatile } from '../../src/workflow/prompt.js';

export interface Comparison {
  readonly difference: string | undefined;
  /** The workflow was refused with this code. */
  readonly refused?: string;
}

/**
 * Prompts of frontends that still ran legacy group nodes name inner nodes `37:0`, or, until the page was loaded anew, by ids that they had before they were
 * grouped: ids that stand nowhere in the file. Today's frontend numbers them when it makes a subgraph of the group. This gives ours the
 * ids of the expected prompt: nodes that only one side has, paired in order of class and place.
 */
function withGroupIds(made: JsonObject, expected: JsonObject): JsonObject {
  const alone = (one: JsonObject, other: JsonObject) =>
    [...one]
      .filter(([id]) => !other.has(id))
      .map(([id, node]) => `${isObject(node) ? node.get('class_type') : ''} ${id}`);
  const [ours, theirs] = [alone(made, expected), alone(expected, made)].map((list) => list.sort());
  const idOf = (text = '') => text.slice(text.lastIndexOf(' ') + 1);
  const names = new Map((ours ?? []).map((text, at) => [idOf(text), idOf(theirs?.[at])]));
  const renamed = (value: Json): Json => {
    if (isObject(value)) return new Map([...value].map(([key, member]) => [key, renamed(member)]));
    if (!isArray(value)) return value;
    const [id, ...rest] = value;
    return value.length === 2 && typeof id === 'string' ? [names.get(id) ?? id, ...rest] : value.map(renamed);
  };
  return new Map([...made].map(([id, node]) => [names.get(id) ?? id, renamed(node)]));
}

/**
 * Converts a workflow and says where the prompt differs from the expected one, titles aside; numbers are compared as doubles.
 * `inputs: 'shared'` leaves out those that only one side has: a prompt of an older server does not know newer widgets, nor today's ids of what
 * was a group node.
 */
export function convertedAlike(
  workflow: string,
  expected: string,
  info: ObjectInfo,
  inputs: 'all' | 'shared',
): Comparison {
  try {
    const document = parseJson(workflow);
    const made = withoutVolatile(toPrompt(readWorkflow(document), info));
    const wanted = withoutVolatile(parseJson(expected) as JsonObject);
    const grouped = inputs === 'shared' && hasGroups(document);
    return { difference: differenceOf(grouped ? withGroupIds(made, wanted) : made, wanted, inputs) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { difference: error.message, refused: error.code };
  }
}

function hasGroups(workflow: Json): boolean {
  const extra = isObject(workflow) ? workflow.get('extra') : undefined;
  return isObject(extra) && isObject(extra.get('groupNodes'));
}

function differenceOf(made: JsonObject, expected: JsonObject, inputs: 'all' | 'shared'): string | undefined {
  const ids = keysApart(made, expected);
  if (ids !== undefined) return `nodes ${ids}`;
  for (const [id, node] of expected) {
    const [a, b] = [made.get(id) ?? null, node].map((each) => (isObject(each) ? each : new Map()));
    if (a?.get('class_type') !== b?.get('class_type')) return `${id} class`;
    const [x, y] = [a?.get('inputs') as JsonObject, b?.get('inputs') as JsonObject];
    const names = keysApart(x, y);
    if (names !== undefined && inputs === 'all') return `${b?.get('class_type')} ${id} inputs ${names}`;
    for (const [name, value] of y) {
      if (!x.has(name)) continue;
      const [own, wanted] = [comparable(x.get(name) ?? null), comparable(value)];
      if (own !== wanted)
        return `${b?.get('class_type')} ${id}.${name}: ${own.slice(0, 100)} not ${wanted.slice(0, 100)}`;
    }
  }
  return undefined;
}

function keysApart(made: JsonObject, expected: JsonObject): string | undefined {
  const more = [...made.keys()].filter((key) => !expected.has(key));
  const fewer = [...expected.keys()].filter((key) => !made.has(key));
  return more.length + fewer.length === 0 ? undefined : `too many: ${more.join(' ')}, missing: ${fewer.join(' ')}`;
}

function comparable(value: Json): string {
  if (isArray(value)) return `[${value.map(comparable).join()}]`;
  if (isObject(value))
    return `{${[...value.keys()]
      .sort()
      .map((key) => `${key}:${comparable(value.get(key) ?? null)}`)
      .join()}}`;
  return isNumber(value) ? String(toDouble(value)) : writeJson(value);
}
