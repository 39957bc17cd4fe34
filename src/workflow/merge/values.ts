import { isObject, type Json, type JsonObject } from '../json.js';
import { mergedOrder } from './order.js';
import { sameJson } from './same-json.js';
import { below, changedSide, decide, type Merging, type Sides, type Spot } from './sides.js';
import { newerStamp } from './stamps.js';

/**
 * The three-way merge of one value: objects by member, all else whole, since nobody but their owner knows what the places of a list mean. Where
 * both sides changed it differently a conflict is noted. `undefined`: the value is not there.
 */
export function mergeValue(sides: Sides<Json>, spot: Spot, merging: Merging): Json | undefined {
  return mergeObject(sides, spot, merging, () => newerStamp(sides, spot) ?? sides[decide(merging, spot, sides)]);
}

/** As `mergeValue`; what both sides changed, and is not an object on both, is for `otherwise` to settle. */
export function mergeObject(
  sides: Sides<Json>,
  spot: Spot,
  merging: Merging,
  otherwise: () => Json | undefined,
): Json | undefined {
  const side = changedSide(sides, sameJson, merging);
  if (side !== 'both') return sides[side];
  const { base, ours, theirs } = sides;
  if (!isObject(ours) || !isObject(theirs)) return otherwise();
  return mergeMembers({ base: isObject(base) ? base : undefined, ours, theirs }, (key, member) =>
    mergeValue(member, below(spot, key), merging),
  );
}

/** Members by key, each by what `merge` makes of it. */
export function mergeMembers(
  { base, ours, theirs }: Sides<JsonObject>,
  merge: (key: string, member: Sides<Json>) => Json | undefined,
): JsonObject {
  const merged: JsonObject = new Map();
  const keys = mergedOrder([...(base?.keys() ?? [])], [...(ours?.keys() ?? [])], [...(theirs?.keys() ?? [])]);
  for (const key of keys) {
    const value = merge(key, { base: base?.get(key), ours: ours?.get(key), theirs: theirs?.get(key) });
    if (value !== undefined) merged.set(key, value);
  }
  return merged;
}
