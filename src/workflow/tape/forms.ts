import { definitionKeys, groupKeyOrder, linkKeyOrder, nodeKeyOrder, rootKeys, slotKeyOrder } from '../key-order.js';
import { derivedOfDefinitionSlot, derivedOfNode, derivedOfNodeSlot, ordinaryMembers } from '../members.js';
import { keyCount, keyId } from './key-ids.js';
import { behind, keyOf, type Tape, width } from './tape.js';

/** What becomes of the members of one kind of object, by the number of their key. */
export interface Form {
  /** Where the member stands in canonical text; those of one rank as they stand in the file. */
  readonly rank: Uint8Array;
  /** One of those below. */
  readonly fate: Uint8Array;
}

const kept = 0;
const layout = 1;
const derived = 2;
/** Layout, and yet a member of the normal form, with a value that says nothing. */
const emptied = 3;

const none: ReadonlySet<string> = new Set();

function formOf(order: readonly string[], taken: ReadonlySet<string>, dropped: ReadonlySet<string> = none): Form {
  const rank = new Uint8Array(keyCount).fill(order.length);
  for (const [at, key] of order.entries()) rank[keyId(key)] = at;
  const fate = new Uint8Array(keyCount);
  for (const key of taken) fate[keyId(key)] = layout;
  for (const key of dropped) fate[keyId(key)] = derived;
  return { rank, fate };
}

/** Its `bounding` is emptied; without a place of its own it comes last. */
function boxed({ rank, fate }: Form): Form {
  const [key, others] = [keyId('bounding'), rank[0] ?? 0];
  if (rank[key] === others) rank[key] = others + 1;
  fate[key] = emptied;
  return { rank, fate };
}

const members = ordinaryMembers;

export const forms = {
  root: formOf(rootKeys, members.graph),
  definition: formOf(definitionKeys, members.graph),
  node: formOf(nodeKeyOrder, members.node, derivedOfNode),
  nodeSlot: formOf(slotKeyOrder, members.slot, derivedOfNodeSlot),
  definitionSlot: formOf(slotKeyOrder, members.slot, derivedOfDefinitionSlot),
  link: formOf(linkKeyOrder, members.link),
  group: boxed(formOf(groupKeyOrder, members.group)),
  flags: formOf([], members.flags),
  extra: formOf([], members.extra),
  box: boxed(formOf([], members.box)),
  /** Of objects that are none of ours. */
  plain: formOf([], none),
} as const;

/** Keys that were picked out of the objects that are being written, of the innermost last. */
export interface Picked {
  readonly keys: Int32Array;
  length: number;
}

/** Objects of a tape have so few members, and the forms nest so little, that this is enough. */
export const newPicked = (): Picked => ({ keys: new Int32Array(1024), length: 0 });

/** Adds the keys of the members that the normal form keeps, in its order. */
export function pickKept(picked: Picked, tape: Tape, object: number, { rank, fate }: Form): void {
  const { keys, length: first } = picked;
  let length = first;
  const end = behind(tape, object);
  for (let key = object + width; key < end; key = behind(tape, key + width)) {
    const id = keyOf(tape, key);
    if (fate[id] !== kept && fate[id] !== emptied) continue;
    let at = length++;
    for (; at > first && rankOf(rank, tape, keys[at - 1] ?? 0) > (rank[id] ?? 0); at--) keys[at] = keys[at - 1] ?? 0;
    keys[at] = key;
  }
  picked.length = length;
}

const rankOf = (rank: Uint8Array, tape: Tape, key: number) => rank[keyOf(tape, key)] ?? 0;

export function isLayout({ fate }: Form, tape: Tape, key: number): boolean {
  const one = fate[keyOf(tape, key)];
  return one === layout || one === emptied;
}

/** Whether any member is layout. */
export function hasLayout(form: Form, tape: Tape, object: number): boolean {
  const end = behind(tape, object);
  for (let key = object + width; key < end; key = behind(tape, key + width)) if (isLayout(form, tape, key)) return true;
  return false;
}
