// Random damage to a file: to its bytes, and to what they mean. The same number gives the same damage.
import {
  isArray,
  isObject,
  type Json,
  type JsonObject,
  numberFromLexeme,
  parseJson,
  writeJson,
} from '../../src/workflow/json.js';

/** A stream of numbers below a bound (mulberry32). */
type Random = (below: number) => number;

function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const pick = <T>(items: readonly T[], random: Random): T => items[random(items.length)] as T;

/** A third of the files are damaged in their bytes, the others in what they mean. */
export function damaged(bytes: Buffer, seed: number): Buffer {
  const random = randomFrom(seed);
  return random(3) === 0 ? damageBytes(bytes, random) : damageStructure(bytes, random);
}

const tokens = [
  '"__proto__"',
  '"constructor"',
  '1e999',
  '-0',
  '1000000000000000000',
  'NaN',
  '\\ud800',
  '\u0000',
  '\ufeff',
  '\r\n',
  '[[[[',
  '}',
  ']',
  '{"nodes":',
  ',',
  '"id":',
  '""',
  '\u202e',
  '"links":[[]]',
];

/** Damages the bytes in one to four places. */
function damageBytes(bytes: Buffer, random: Random): Buffer {
  let damaged = bytes;
  for (let times = 1 + random(4); times > 0; times--) damaged = damageOnce(damaged, random);
  return damaged;
}

function damageOnce(bytes: Buffer, random: Random): Buffer {
  const at = random(bytes.length + 1);
  const end = Math.min(bytes.length, at + random(40));
  const token = Buffer.from(pick(tokens, random));
  switch (random(6)) {
    case 0:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from([random(256)]),
        bytes.subarray(Math.min(bytes.length, at + 1)),
      ]);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), token, bytes.subarray(at)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), token, bytes.subarray(end)]);
    default:
      return bytes.subarray(0, at);
  }
}

/** Each time anew: a value that stood in two places would be damaged in both. */
const anyValue = (random: Random): Json => parseJson(writeJson(pick(values, random)));

const values: readonly Json[] = [
  null,
  true,
  0,
  -1,
  '',
  '__proto__',
  '-10',
  'fixed',
  numberFromLexeme('1000000000000000000'),
  numberFromLexeme('1e999'),
  numberFromLexeme('NaN'),
  [],
  new Map(),
  [[]],
  [null, null],
  new Map<string, Json>([['__proto__', new Map<string, Json>([['polluted', true]])]]),
];

/** Damages the document in one to six places, with an eye for what workflows are made of. */
function damageStructure(bytes: Buffer, random: Random): Buffer {
  const json = parseJson(bytes.toString('utf8'));
  for (let times = 1 + random(6); times > 0; times--) if (isObject(json)) damageValue(json, random);
  return Buffer.from(writeJson(json, random(2) === 0 ? '' : ' '));
}

function damageValue(json: JsonObject, random: Random): void {
  const graphs = graphsIn(json);
  const graph = pick(graphs, random);
  const [nodes, links] = [listOf(graph, 'nodes'), listOf(graph, 'links')];
  const node = nodes.length === 0 ? undefined : pick(nodes, random);
  const link = links.length === 0 ? undefined : pick(links, random);
  const kind = random(9);
  if (kind < 3) damageAnywhere(json, random);
  else if (kind === 3 && isObject(node)) node.set('id', pick([...ids(nodes), ...hostileIds], random));
  else if (kind === 4 && isObject(node))
    node.set('type', pick([...definitionIds(json), 'Reroute', 'GetNode', 'PrimitiveNode', '__proto__', ''], random));
  else if (kind === 5 && isArray(link))
    link[random(link.length + 1)] = pick([...ids(nodes), ...hostileIds, 0, 1], random);
  else if (kind === 5 && isObject(link))
    link.set(
      pick(['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot'], random),
      pick([...ids(nodes), ...hostileIds], random),
    );
  else if (kind === 6 && isObject(node)) nodes.push(copy(node));
  else if (kind === 7 && link !== undefined) links.push(copy(link));
  else if (graphs.length > 1) listOf(json.get('definitions'), 'subgraphs').push(copy(pick(graphs.slice(1), random)));
}

const copy = (value: Json): Json => parseJson(writeJson(value));

const hostileIds: readonly Json[] = [
  numberFromLexeme('1000000000000000000'),
  -10,
  -20,
  '12:5',
  '__proto__',
  null,
  numberFromLexeme('1.5'),
];

const listOf = (holder: Json | undefined, key: string): Json[] => {
  const list = isObject(holder) ? holder.get(key) : undefined;
  return isArray(list) ? list : [];
};
const graphsIn = (json: JsonObject): JsonObject[] => [
  json,
  ...listOf(json.get('definitions'), 'subgraphs').filter(isObject),
];
const ids = (nodes: readonly Json[]): Json[] => nodes.filter(isObject).map((node) => node.get('id') ?? null);
const definitionIds = (json: JsonObject): Json[] => ids(graphsIn(json).slice(1));

/** Walks down a few levels, and changes what stands there. */
function damageAnywhere(json: JsonObject, random: Random): void {
  let holder: JsonObject | Json[] = json;
  for (let depth = random(7); depth > 0; depth--) {
    const inner: (JsonObject | Json[])[] = [...holder.values()].filter(
      (item): item is JsonObject | Json[] => isArray(item) || isObject(item),
    );
    if (inner.length === 0) break;
    holder = pick(inner, random);
  }
  if (isArray(holder)) {
    const at = random(holder.length + 1);
    if (random(2) === 0) holder.splice(at, 1);
    else holder.splice(at, random(2), anyValue(random));
    return;
  }
  const keys: string[] = [...holder.keys(), '__proto__', 'pos', 'links'];
  const key = pick(keys, random);
  if (random(3) === 0) holder.delete(key);
  else holder.set(key, anyValue(random));
}
