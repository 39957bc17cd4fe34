import { objectsOf, slotKeys } from './graphs.js';
import { isArray, isObject, type Json, type JsonObject } from './json.js';
import { derivedOfNode, derivedOfNodeSlot, type LayoutMembers, takeMembers } from './members.js';

/**
 * One node in normal form with its layout; `inputs` are those that it keeps.
 * `order` goes: every frontend computes it anew.
 */
export function normaliseNode(
  node: JsonObject,
  inputs: readonly Json[] | undefined,
  members: LayoutMembers,
): { readonly normal: JsonObject; readonly taken: JsonObject } {
  const normal: JsonObject = new Map();
  const taken: JsonObject = new Map();
  for (const [key, value] of node) {
    if (derivedOfNode.has(key)) continue;
    if (members.node.has(key)) taken.set(key, value);
    else normal.set(key, value);
  }
  const flags = node.get('flags');
  if (isObject(flags)) takeInto(normal, taken, 'flags', flags, members.flags);
  if (inputs !== undefined)
    normaliseSlots(normal, taken, { name: 'inputs', slots: inputs, derived: derivedOfNodeSlot }, members);
  const outputs = node.get('outputs');
  if (isArray(outputs))
    normaliseSlots(normal, taken, { name: 'outputs', slots: outputs, derived: derivedOfNodeSlot }, members);
  return { normal, taken };
}

/** Moves the layout members of `value` from `normal[name]` to `taken[name]`. */
export function takeInto(
  normal: JsonObject,
  taken: JsonObject,
  name: string,
  value: JsonObject,
  names: ReadonlySet<string>,
): void {
  const parts = takeMembers(value, names);
  normal.set(name, parts.rest);
  if (parts.taken !== undefined) taken.set(name, parts.taken);
}

export interface SlotList {
  readonly name: 'inputs' | 'outputs';
  readonly slots: readonly Json[];
  /** Members that are left out. */
  readonly derived: ReadonlySet<string>;
}

/** Puts slots without layout and derived members into `normal[name]`, and their layout by slot key into `taken[name]`. */
export function normaliseSlots(
  normal: JsonObject,
  taken: JsonObject,
  { name, slots, derived }: SlotList,
  members: LayoutMembers,
): void {
  const layouts: (JsonObject | undefined)[] = [];
  const rest = slots.map((slot) => {
    if (!isObject(slot)) return slot;
    const parts = splitSlot(slot, members.slot, derived);
    layouts.push(parts.taken);
    return parts.rest;
  });
  normal.set(name, rest);
  if (layouts.every((layout) => layout === undefined)) return;
  const keys = slotKeys(objectsOf(rest));
  taken.set(name, new Map(layouts.flatMap((layout, at) => (layout === undefined ? [] : [[keys[at] ?? '', layout]]))));
}

/** In one pass: most of a file is slots. */
function splitSlot(slot: JsonObject, layout: ReadonlySet<string>, derived: ReadonlySet<string>) {
  const rest: JsonObject = new Map();
  let taken: JsonObject | undefined;
  for (const [key, value] of slot) {
    if (layout.has(key)) taken = (taken ?? new Map()).set(key, value);
    else if (!derived.has(key)) rest.set(key, value);
  }
  return { rest, taken };
}
