import { inputNodeId, outputNodeId } from '../graph.js';
import type { Json, JsonObject } from '../json.js';
import { type MergeNode, type Source, sameSource } from './model.js';
import { mergedOrder } from './order.js';
import { sameJson } from './same-json.js';
import { below, changedSide, decide, type Merging, mapSides, type Sides, type Spot } from './sides.js';
import { mergeInputs, mergeOutputs } from './slots.js';
import { mergeMembers, mergeValue } from './values.js';
import { mergeWidgets } from './widget-lists.js';

export const sameNode = (a: MergeNode, b: MergeNode): boolean =>
  a === b ||
  (sameJson(a.fields, b.fields) &&
    a.links.size === b.links.size &&
    [...a.links].every(([key, source]) => {
      const other = b.links.get(key);
      return other !== undefined && sameSource(source, other);
    }));

/** Merges a node that both sides have; where it is another class now on one of them, as a whole. */
export function mergeNode(sides: Sides<MergeNode>, spot: Spot, merging: Merging): MergeNode | undefined {
  const side = changedSide(sides, sameNode, merging);
  if (side !== 'both') return sides[side];
  if (isReplaced(sides))
    return sides[
      decide(
        merging,
        spot,
        mapSides(sides, ({ fields }) => fields),
      )
    ];
  const links = mergeLinks(
    mapSides(sides, (node) => node.links),
    spot,
    merging,
  );
  return {
    fields: mergeFields(
      mapSides(sides, (node) => node.fields),
      new Set(links.keys()),
      spot,
      merging,
    ),
    links,
  };
}

function isReplaced({ base, ours, theirs }: Sides<MergeNode>): boolean {
  const types = [base, ours, theirs]
    .filter((node) => node !== undefined)
    .map(({ fields }) => fields.get('type') ?? fields.get('class_type'));
  return types.some((type) => type !== types[0]);
}

function mergeFields(sides: Sides<JsonObject>, linked: ReadonlySet<string>, spot: Spot, merging: Merging): JsonObject {
  const lists = (fields: JsonObject) => ({
    values: fields.get('widgets_values'),
    named: fields.get('widgets_values_named'),
  });
  const widgets = mergeWidgets(mapSides(sides, lists), spot, merging);
  return mergeMembers(sides, (key, value) => {
    if (key === 'widgets_values') return widgets.values;
    if (key === 'widgets_values_named') return widgets.named;
    if (key === 'inputs' && !isPrompt(sides)) return mergeInputs(value, linked, below(spot, key), merging);
    if (key === 'outputs') return mergeOutputs(value, below(spot, key), merging);
    return mergeValue(value, below(spot, key), merging);
  });
}

const isPrompt = ({ ours }: Sides<JsonObject>) => ours?.has('class_type') === true;

type Links = ReadonlyMap<string, Source>;

function mergeLinks({ base, ours, theirs }: Sides<Links>, spot: Spot, merging: Merging): Links {
  const merged = new Map<string, Source>();
  const keys = mergedOrder([...(base?.keys() ?? [])], [...(ours?.keys() ?? [])], [...(theirs?.keys() ?? [])]);
  for (const key of keys) {
    const sides = { base: base?.get(key), ours: ours?.get(key), theirs: theirs?.get(key) };
    const side = changedSide(sides, sameSource, merging);
    const taken = side === 'both' ? decide(merging, below(spot, 'link', key), mapSides(sides, shownSource)) : side;
    const source = sides[taken];
    if (source !== undefined) merged.set(key, source);
  }
  return merged;
}

/** As a conflict shows it: `[node, output]`, or the value that stands in a link's place. */
export const shownSource = ({ origin, output, link }: Source): Json => (origin === '' ? link : [origin, output]);

/** Slots of the definition itself are always there. */
export const isBorder = (id: string): boolean => id === inputNodeId || id === outputNodeId;
