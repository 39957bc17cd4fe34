import type { JsonObject } from '../json.js';
import { normalise } from '../normal-form.js';
import { writeNormalText } from '../normal-text.js';
import { type Graphs, renumberAdded } from './added-ids.js';
import { type FreshIds, freshIds } from './counters.js';
import {
  type Bodies,
  bodiesOf,
  changedDefinitions,
  definitionFields,
  mergeDefinitions,
  withDefinitions,
} from './definitions.js';
import { mergeGraph, shareNodes } from './graph.js';
import type { TheirNames } from './layouts.js';
import type { WantedOutputs } from './lost-outputs.js';
import type { MergeGraph, MergeNode } from './model.js';
import { readMergeGraphs } from './read.js';
import { renumberGraphs } from './renumber.js';
import { sameJson } from './same-json.js';
import {
  type Choices,
  type Conflict,
  changedSide,
  decide,
  type Merging,
  mapSides,
  type Side,
  type Sides,
  type Spot,
} from './sides.js';
import { mergeValue } from './values.js';

export interface MergedWorkflow {
  /** In normal form; where nothing was decided, ours stands in the place of a conflict. */
  readonly workflow: JsonObject;
  /** All of them, also those that were decided, in the order of the graphs. */
  readonly conflicts: readonly Conflict[];
  /** What their nodes and links are called now, where that is something else. */
  readonly names: TheirNames;
}

/**
 * Three-way merge of workflows, on the graph: nodes and definitions by id, links by their ends, inputs by name, widget values by name or place,
 * everything else by member. Edits of different things unite; what both sides changed is a conflict, never a guess, and so is every difference
 * where there is no common version.
 * @param choices how conflicts are decided, by key
 */
export function mergeWorkflows(
  base: JsonObject | undefined,
  ours: JsonObject,
  theirs: JsonObject,
  choices: Choices = new Map(),
): MergedWorkflow {
  const normal = mapSides({ base, ours, theirs }, (workflow) => normalise(workflow).normal);
  const merging: Merging = { choices, based: base !== undefined, conflicts: [] };
  const side = changedSide(normal, sameText, merging);
  if (side !== 'both') return { workflow: normal[side] ?? ours, conflicts: [], names: asTheyAre };
  const bodies = mapSides(normal, bodiesOf);
  if (!isComplete(normal, bodies) || (base === undefined && !shareNodes(bodies))) {
    const taken = decide(merging, wholeFile, normal);
    return { workflow: normal[taken] ?? ours, conflicts: merging.conflicts, names: asTheyAre };
  }
  const { workflow, names } = mergeBodies(normal, bodies, merging);
  return { workflow: normalise(workflow).normal, conflicts: merging.conflicts, names };
}

/** Texts are only needed where a look at the values finds no difference: then the order of keys is left. */
const sameText = (a: JsonObject, b: JsonObject) => sameJson(a, b) && writeNormalText(a) === writeNormalText(b);

const asTheyAre: TheirNames = { nodes: new Map(), links: new Map() };

/** The place of a conflict about everything. */
export const wholeFile: Spot = { graph: undefined, node: undefined, path: [] };

const isComplete = (normal: Sides<JsonObject>, bodies: Sides<Bodies>) =>
  (['base', 'ours', 'theirs'] as const).every((side) => (normal[side] === undefined) === (bodies[side] === undefined));

function mergeBodies(normal: Sides<JsonObject>, bodies: Sides<Bodies>, merging: Merging) {
  const fresh = freshIds([bodies.base, bodies.ours, bodies.theirs].filter((each) => each !== undefined));
  const graphs = readAll(bodies);
  const nodes = renumberAdded(graphs, fresh.node);
  const read = { ...graphs, theirs: graphs.theirs && renumberGraphs(graphs.theirs, nodes) };
  const links = new Map<string | undefined, ReadonlyMap<string, string>>();
  const body = bodyMerger({ bodies, read, fresh, merging, links });
  const root = body(undefined) ?? new Map();
  const definitions = mergeDefinitions(bodies, root, body);
  const fields = mergeValue(mapSides(normal, definitionFields), { ...wholeFile, path: ['definitions'] }, merging);
  const workflow = withDefinitions(root, fields instanceof Map ? fields : undefined, definitions);
  return { workflow: fresh.counted(workflow), names: { nodes, links } };
}

/** Every graph that can be taken apart in all the versions that have it. */
function readAll(bodies: Sides<Bodies>): Sides<Graphs> {
  const all = { base: new Map(), ours: new Map(), theirs: new Map() } as Record<
    keyof Sides<Graphs>,
    Map<string | undefined, MergeGraph>
  >;
  for (const key of new Set([bodies.base, bodies.ours, bodies.theirs].flatMap((each) => [...(each?.keys() ?? [])]))) {
    const graphs = readMergeGraphs(mapSides(bodies, (each) => each.get(key)));
    for (const side of ['base', 'ours', 'theirs'] as const) {
      const graph = graphs?.[side];
      if (graph !== undefined) all[side].set(key, graph);
    }
  }
  return all;
}

interface Work {
  readonly bodies: Sides<Bodies>;
  readonly read: Sides<Graphs>;
  readonly fresh: FreshIds;
  readonly merging: Merging;
  /** Filled on the way. */
  readonly links: Map<string | undefined, ReadonlyMap<string, string>>;
}

/** Merges a graph when it is first asked for: which definitions are needed shows only on the way. */
function bodyMerger({
  bodies,
  read,
  fresh,
  merging,
  links,
}: Work): (key: string | undefined) => JsonObject | undefined {
  const made = new Map<string | undefined, JsonObject | undefined>();
  const changed = {
    ours: changedDefinitions(bodies.base, bodies.ours ?? new Map()),
    theirs: changedDefinitions(bodies.base, bodies.theirs ?? new Map()),
  };
  const isInnerChanged = (side: Side, { fields }: MergeNode) => changed[side].has(String(fields.get('type')));
  const wanted: WantedOutputs = new Map();
  const make = (key: string | undefined) => {
    const sides = mapSides(bodies, (each) => each.get(key));
    const graphs = mapSides(read, (each) => each.get(key));
    const spot: Spot = { graph: key, node: undefined, path: [] };
    const own: Merging = { ...merging, based: sides.base !== undefined };
    if (graphs.ours === undefined && graphs.theirs === undefined) return mergeWhole(sides, spot, own);
    const merged = mergeGraph({ sides, graphs, freshLink: fresh.link, wanted }, { spot, merging: own, isInnerChanged });
    links.set(key, merged.links);
    return merged.body;
  };
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key);
  };
}

/** A graph that cannot be taken apart: the side that changed it, or one of them. */
function mergeWhole(sides: Sides<JsonObject>, spot: Spot, merging: Merging): JsonObject | undefined {
  if (sides.ours === undefined || sides.theirs === undefined) return sides.ours ?? sides.theirs;
  const side = changedSide(sides, sameJson, merging);
  const body = sides[side === 'both' ? decide(merging, spot, sides) : side];
  return body && new Map([...body].filter(([key]) => key !== 'definitions'));
}
