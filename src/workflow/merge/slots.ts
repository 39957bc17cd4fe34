import { objectsOf, slotKeys } from '../graphs.js';
import { isArray, isObject, type Json, type JsonObject } from '../json.js';
import { mergedOrder } from './order.js';
import { outputNaming } from './output-keys.js';
import { below, decide, type Merging, mapSides, type Sides, type Spot } from './sides.js';
import { mergeMembers, mergeObject, mergeValue } from './values.js';

/**
 * Merges the inputs of a node by name. `linked` are the inputs that are connected in the end: their slots stay, whoever took them out.
 */
export function mergeInputs(
  sides: Sides<Json>,
  linked: ReadonlySet<string>,
  spot: Spot,
  merging: Merging,
): Json | undefined {
  const { base, ours, theirs } = mapSides(sides, keyed);
  const merged = mergeMembers({ base, ours, theirs }, (key, slot) => {
    const value = mergeSlot(slot, below(spot, key), merging);
    return value ?? (linked.has(key) ? (slot.ours ?? slot.theirs ?? slot.base) : undefined);
  });
  for (const key of linked) {
    const slot = merged.get(key) ?? base?.get(key);
    if (slot !== undefined) merged.set(key, slot);
  }
  if (merged.size === 0) return sides.ours ?? sides.theirs ?? sides.base;
  return [...merged.values()];
}

/** Merges outputs: by their numbers, where these mean the same everywhere, else by name. */
export function mergeOutputs(sides: Sides<Json>, spot: Spot, merging: Merging): Json | undefined {
  const { base, ours, theirs } = mapSides(sides, (slots) => (isArray(slots) ? slots : undefined));
  const equallyLong = ours?.length === theirs?.length && (base === undefined || base.length === ours?.length);
  if (ours !== undefined && theirs !== undefined && equallyLong && outputNaming(sides) === 'number') {
    return ours.map((slot, at) => {
      const each = { base: base?.[at], ours: slot, theirs: theirs[at] };
      return mergeValue(each, below(spot, String(at)), merging) ?? null;
    });
  }
  const merged = mergeMembers(mapSides(sides, keyed), (key, slot) => mergeSlot(slot, below(spot, key), merging));
  return merged.size === 0 ? (sides.ours ?? sides.theirs) : [...merged.values()];
}

/** Slots by name. */
const keyed = (slots: Json): JsonObject => {
  const list = objectsOf(slots);
  const keys = slotKeys(list);
  return new Map(list.map((slot, at) => [keys[at] ?? '', slot]));
};

function mergeSlot(sides: Sides<Json>, spot: Spot, merging: Merging): Json | undefined {
  return mergeObject(sides, spot, merging, () => {
    const slot = sides.ours ?? sides.theirs;
    // The slot of a widget that is connected to nothing is left out of the file: no one took it away.
    return !merging.based || isWidgetSlot(slot) ? slot : sides[decide(merging, spot, sides)];
  });
}

const isWidgetSlot = (slot: Json | undefined) => isObject(slot) && isObject(slot.get('widget'));

/** The members with those inputs of an earlier version that left the file together with their links: slots of widgets, inputs of a prompt. */
export function withSlots(before: JsonObject, fields: JsonObject, keys: readonly string[]): JsonObject {
  const [old, now] = [before.get('inputs'), fields.get('inputs')];
  if (isObject(old) && isObject(now)) {
    const back = keys.filter((key) => !now.has(key)).map((key) => [key, old.get(key) ?? null] as const);
    return new Map(fields).set('inputs', new Map([...now, ...back]));
  }
  const [slots, oldSlots] = [keyed(now ?? []), keyed(old ?? [])];
  if (keys.every((key) => slots.has(key))) return fields;
  const wanted = [...oldSlots.keys()].filter((key) => slots.has(key) || keys.includes(key));
  const order = mergedOrder([], [...slots.keys()], wanted);
  return new Map(fields).set(
    'inputs',
    order.flatMap((key) => slots.get(key) ?? oldSlots.get(key) ?? []),
  );
}
