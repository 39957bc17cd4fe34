import { definitionKeys, groupKeyOrder, linkKeyOrder, nodeKeyOrder, rootKeys, slotKeyOrder } from '../key-order.js';
import { derivedOfNode, derivedOfNodeSlot, ordinaryMembers } from '../members.js';

/** Keys that the normal form knows have numbers here, so that no text need be made of them; 0 is any other key. */
const names: readonly string[] = [
  ...new Set([
    ...[rootKeys, definitionKeys, nodeKeyOrder, slotKeyOrder, linkKeyOrder, groupKeyOrder].flat(),
    ...Object.values(ordinaryMembers).flatMap((keys) => [...keys]),
    ...derivedOfNode,
    ...derivedOfNodeSlot,
    'subgraphs',
    'models',
    'ue_convert',
  ]),
];

/** How many numbers there are, 0 among them. */
export const keyCount = names.length + 1;

/** @throws Error for a key that the normal form does not know: a mistake of ours */
export function keyId(name: string): number {
  const at = names.indexOf(name);
  if (at < 0) throw new Error(`the normal form knows no key ${name}`);
  return at + 1;
}

const places = 1024;
const placeOf = (length: number, first: number, last: number) => (first * 31 + last * 7 + length * 131) & (places - 1);

/** The keys one behind the other, and where each starts. */
const texts = Uint8Array.from(Buffer.from(names.join('')));
const starts = new Uint16Array(keyCount + 1);

/** The first number of each place, and behind each number the next one of its place. */
const firstIn = new Uint8Array(places);
const nextIn = new Uint8Array(keyCount);
for (const [at, name] of names.entries()) {
  const place = placeOf(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1));
  nextIn[at + 1] = firstIn[place] ?? 0;
  firstIn[place] = at + 1;
  starts[at + 2] = (starts[at + 1] ?? 0) + name.length;
}

/** The number of the key between these bytes, which are without quotes. */
export function keyIdAt(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return 0;
  let id = firstIn[placeOf(end - start, bytes[start] ?? 0, bytes[end - 1] ?? 0)] ?? 0;
  while (id !== 0 && !isKey(bytes, start, end, id)) id = nextIn[id] ?? 0;
  return id;
}

function isKey(bytes: Uint8Array, start: number, end: number, id: number): boolean {
  const from = starts[id] ?? 0;
  if ((starts[id + 1] ?? 0) - from !== end - start) return false;
  for (let at = start; at < end; at++) if (bytes[at] !== texts[from + at - start]) return false;
  return true;
}

/** The numbers of keys that have a rule of their own. */
export const keys = {
  bounding: keyId('bounding'),
  definitions: keyId('definitions'),
  extra: keyId('extra'),
  flags: keyId('flags'),
  groups: keyId('groups'),
  id: keyId('id'),
  inputNode: keyId('inputNode'),
  inputs: keyId('inputs'),
  label: keyId('label'),
  link: keyId('link'),
  links: keyId('links'),
  models: keyId('models'),
  name: keyId('name'),
  nodes: keyId('nodes'),
  origin_id: keyId('origin_id'),
  outputNode: keyId('outputNode'),
  outputs: keyId('outputs'),
  pos: keyId('pos'),
  properties: keyId('properties'),
  subgraphs: keyId('subgraphs'),
  target_id: keyId('target_id'),
  target_slot: keyId('target_slot'),
  title: keyId('title'),
  type: keyId('type'),
  ue_convert: keyId('ue_convert'),
  widget: keyId('widget'),
  widgets_values: keyId('widgets_values'),
  widgets_values_named: keyId('widgets_values_named'),
} as const;
