import { groupKeys, objectsOf } from '../graphs.js';
import { isArray, isObject, type Json, type JsonObject } from '../json.js';
import { sameJson } from './same-json.js';
import { below, changedSide, type Merging, mapSides, type Sides, type Spot } from './sides.js';
import { higher } from './stamps.js';
import { mergeMembers, mergeValue } from './values.js';

const counters: ReadonlySet<string> = new Set(['last_node_id', 'last_link_id']);

/** Merges what belongs to the graph itself: counters, groups, name and description of a subgraph, `extra`. */
export function mergeGraphFields(sides: Sides<JsonObject>, spot: Spot, merging: Merging): JsonObject {
  return mergeMembers(sides, (key, value) => {
    const { ours, theirs } = value;
    if (counters.has(key) && ours !== undefined && theirs !== undefined) return higher(ours, theirs);
    if (key === 'state' && isObject(ours) && isObject(theirs)) return mergeCounters(ours, theirs);
    if (key === 'groups') return mergeGroups(value, below(spot, key), merging);
    return mergeValue(value, below(spot, key), merging);
  });
}

/** Every definition repeats the counters of the root. */
const mergeCounters = (ours: JsonObject, theirs: JsonObject): JsonObject =>
  mergeMembers({ base: undefined, ours, theirs }, (_, value) =>
    higher(value.ours ?? value.theirs, value.theirs ?? value.ours),
  );

/** Groups by id, or by title in older files; what is left of them in a normal form is that they are there, and their title. */
function mergeGroups(sides: Sides<Json>, spot: Spot, merging: Merging): Json | undefined {
  const side = changedSide(sides, sameJson, merging);
  if (side !== 'both') return sides[side];
  const { base, ours, theirs } = mapSides(sides, (list) => (isArray(list) ? keyed(objectsOf(list)) : undefined));
  if (ours === undefined || theirs === undefined) return mergeValue(sides, spot, merging);
  const merged = mergeMembers({ base, ours, theirs: withFreshIds(base, ours, theirs) }, (key, group) => {
    // A frame around nodes: one that either side still has costs nothing.
    if (group.ours === undefined || group.theirs === undefined) {
      const only = group.ours ?? group.theirs;
      return group.base !== undefined && merging.based && only !== undefined && sameJson(group.base, only)
        ? undefined
        : only;
    }
    return mergeValue(group, below(spot, key), merging);
  });
  return [...merged.values()];
}

const keyed = (groups: readonly JsonObject[]): JsonObject => {
  const keys = groupKeys(groups);
  return new Map(groups.map((group, at) => [keys[at] ?? '', group]));
};

/** Two groups that both sides added under one id are two groups. */
function withFreshIds(base: JsonObject | undefined, ours: JsonObject, theirs: JsonObject): JsonObject {
  const groups = [...ours.values(), ...theirs.values()].filter(isObject);
  let last = groups.reduce((most, group) => Math.max(most, Number(group.get('id')) || 0), 0);
  const fresh = [...theirs].map(([key, group]): [string, Json] => {
    const other = ours.get(key);
    const collides =
      base?.has(key) !== true && other !== undefined && !sameJson(other, group) && isObject(group) && group.has('id');
    if (!collides || !isObject(group)) return [key, group];
    last++;
    return [`#${last}`, new Map(group).set('id', last)];
  });
  return new Map(fresh);
}
