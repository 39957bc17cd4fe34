import { isArray, isNumber, isObject, type Json, type JsonObject } from '../json.js';
import { sameJson } from './same-json.js';
import { below, changedSide, decide, type Merging, mapSides, type Sides, type Spot } from './sides.js';
import { higher } from './stamps.js';
import { mergeMembers, mergeValue } from './values.js';

/** A node's values: the list, and the same by name where the file has them so. */
export interface WidgetLists {
  readonly values: Json | undefined;
  readonly named: Json | undefined;
}

/**
 * Merges the values of widgets: by name where all versions name them, by place where the lists are equally long, and a list that one side made
 * longer or shorter in one place with changes elsewhere.
 */
export function mergeWidgets(sides: Sides<WidgetLists>, spot: Spot, merging: Merging): WidgetLists {
  const byName = mapSides(sides, namedBoth);
  const present = [sides.base, sides.ours, sides.theirs].filter((side) => side?.values !== undefined);
  const named = [byName.base, byName.ours, byName.theirs].filter((side) => side !== undefined);
  if (named.length > 0 && named.length === present.length) {
    const merged = mergeMembers(byName, (key, value) => mergeValue(value, below(spot, 'widgets_values', key), merging));
    return { values: [...merged.values()], named: merged };
  }
  const values = mergeList(
    mapSides(sides, (side) => side.values),
    below(spot, 'widgets_values'),
    merging,
  );
  const rest = mapSides(sides, (side) => side.named);
  return { values, named: mergeValue(rest, below(spot, 'widgets_values_named'), merging) };
}

/** The values by name, where list and names say the same. */
function namedBoth({ values, named }: WidgetLists): JsonObject | undefined {
  if (!isArray(values) || !isObject(named) || named.size !== values.length || values.length === 0) return undefined;
  return [...named.values()].every((value, at) => sameJson(value, values[at] ?? null)) ? named : undefined;
}

function mergeList(sides: Sides<Json>, spot: Spot, merging: Merging): Json | undefined {
  const side = changedSide(sides, sameJson, merging);
  if (side !== 'both') return sides[side];
  const { base, ours, theirs } = sides;
  if (!isArray(ours) || !isArray(theirs)) return mergeValue(sides, spot, merging);
  if (ours.length === theirs.length && (!isArray(base) || base.length === ours.length)) {
    const before = isArray(base) ? base : undefined;
    return ours.map((_, at) => mergePlace({ base: before, ours, theirs }, at, spot, merging) ?? null);
  }
  const spliced = isArray(base) && merging.based ? mergeSplices(base, ours, theirs) : undefined;
  return spliced ?? sides[decide(merging, spot, sides)];
}

function mergePlace({ base, ours, theirs }: Sides<Json[]>, at: number, spot: Spot, merging: Merging): Json | undefined {
  const sides = { base: base?.[at], ours: ours?.[at], theirs: theirs?.[at] };
  const drawn = [ours, theirs].every((list) => redrawn.has(list?.[at + 1] as Json));
  // A seed that ComfyUI draws anew at every queueing: nobody chose either.
  if (drawn && isNumber(sides.ours) && isNumber(sides.theirs) && changedSide(sides, sameJson, merging) === 'both') {
    return higher(sides.ours, sides.theirs);
  }
  return mergeValue(sides, below(spot, String(at)), merging);
}

/** Values of `control_after_generate` under which the seed before it is no one's choice. */
const redrawn: ReadonlySet<Json> = new Set<Json>(['randomize', 'increment', 'decrement']);

/** What one side put in place of the values `from` to `to` of the common version. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly values: readonly Json[];
}

/** `undefined` where the changes of the sides touch each other, or nobody can tell where a value was put in. */
function mergeSplices(base: Json[], ours: Json[], theirs: Json[]): Json[] | undefined {
  const splices = [...splicesOf(base, ours), ...splicesOf(base, theirs)].sort((a, b) => a.from - b.from || a.to - b.to);
  if (splices.some((splice, at) => at > 0 && touches(splice, splices[at - 1]))) return undefined;
  return splices.reduceRight<Json[]>((list, { from, to, values }) => list.toSpliced(from, to - from, ...values), base);
}

/** They overlap, or both put values in at one place. */
const touches = (splice: Splice, before: Splice | undefined) =>
  before !== undefined &&
  (splice.from < before.to || (splice.from === before.to && splice.from === splice.to && before.from === before.to));

function splicesOf(base: readonly Json[], list: readonly Json[]): Splice[] {
  if (base.length === list.length) {
    return list.flatMap((value, at) =>
      sameJson(value, base[at] ?? null) ? [] : [{ from: at, to: at + 1, values: [value] }],
    );
  }
  const shorter = Math.min(base.length, list.length);
  let before = 0;
  while (before < shorter && sameJson(base[before] ?? null, list[before] ?? null)) before++;
  let behind = 0;
  while (behind < shorter && sameJson(base.at(-1 - behind) ?? null, list.at(-1 - behind) ?? null)) behind++;
  // Equal values on both ends of the place: it may be anywhere among them, so all of them count as changed.
  const from = Math.min(before, base.length - behind, list.length - behind);
  const kept = Math.min(behind, base.length - before, list.length - before);
  return [{ from, to: base.length - kept, values: list.slice(from, list.length - kept) }];
}
