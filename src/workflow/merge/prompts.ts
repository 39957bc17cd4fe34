import { canonicalJson, isObject, type Json, type JsonObject } from '../json.js';
import { promptLink } from '../prompt.js';
import { renumberAdded } from './added-ids.js';
import { mergeNodes } from './graph.js';
import type { MergeGraph, MergeNode, Source } from './model.js';
import { renumberGraphs } from './renumber.js';
import { sameJson } from './same-json.js';
import { type Choices, type Conflict, changedSide, decide, type Merging, mapSides, type Sides } from './sides.js';

export interface MergedPrompt {
  readonly prompt: JsonObject;
  readonly conflicts: readonly Conflict[];
}

/** Three-way merge of prompts in API format: nodes by id, inputs by name; rules as for workflows. */
export function mergePrompts(
  base: JsonObject | undefined,
  ours: JsonObject,
  theirs: JsonObject,
  choices: Choices = new Map(),
): MergedPrompt {
  const sides = { base, ours, theirs };
  const merging: Merging = { choices, based: base !== undefined, conflicts: [] };
  const spot = { graph: undefined, node: undefined, path: [] };
  const side = changedSide(sides, sameJson, merging);
  if (side !== 'both') return { prompt: sides[side] ?? ours, conflicts: [] };
  if (base === undefined && ![...ours.keys()].some((id) => theirs.has(id))) {
    return { prompt: sides[decide(merging, spot, sides)] ?? ours, conflicts: merging.conflicts };
  }
  const graphs = readPrompts(sides);
  const moves = renumberAdded(
    mapSides(graphs, (graph) => new Map([[undefined, graph]])),
    freshIds(sides),
  );
  const renumbered = graphs.theirs && renumberGraphs(new Map([[undefined, graphs.theirs]]), moves).get(undefined);
  const merged = mergeNodes({ ...graphs, theirs: renumbered }, { spot, merging, isInnerChanged: () => false });
  return { prompt: writePrompt(merged), conflicts: merging.conflicts };
}

/** The next numbers after all that are there; inner nodes (`12:5`) do not count. */
function freshIds({ base, ours, theirs }: Sides<JsonObject>): () => string {
  const ids = [base, ours, theirs]
    .flatMap((prompt) => [...(prompt?.keys() ?? [])])
    .filter((id) => /^\d{1,15}$/.test(id));
  let last = ids.reduce((most, id) => Math.max(most, Number(id)), 0);
  return () => String(++last);
}

const isLinked = (value: Json | undefined) => promptLink(value) !== undefined;

function readPrompts(sides: Sides<JsonObject>): Sides<MergeGraph> {
  const present = [sides.base, sides.ours, sides.theirs].filter((prompt) => prompt !== undefined);
  // An input that is a link in one version and a value in another is one thing with two versions.
  const isLink = (id: string, input: string) =>
    present.some((prompt) => isLinked(inputsOf(prompt.get(id))?.get(input)));
  return mapSides(sides, (prompt) => ({
    fields: new Map(),
    nodes: new Map([...prompt].map(([id, node]) => [id, readNode(node, (input) => isLink(id, input))])),
  }));
}

const inputsOf = (node: Json | undefined): JsonObject | undefined => {
  const inputs = isObject(node) ? node.get('inputs') : undefined;
  return isObject(inputs) ? inputs : undefined;
};

function readNode(node: Json, isLink: (input: string) => boolean): MergeNode {
  const fields: JsonObject = new Map(isObject(node) ? node : []);
  const links = new Map<string, Source>();
  const inputs: JsonObject = new Map(inputsOf(node) ?? []);
  for (const [name, value] of inputs) {
    if (!isLink(name)) continue;
    const link = promptLink(value);
    links.set(name, {
      origin: link?.node ?? '',
      output: link === undefined ? canonicalJson(value) : `#${link.slot}`,
      link: value,
    });
    // The place among the inputs stays.
    inputs.set(name, null);
  }
  return { fields: fields.set('inputs', inputs), links };
}

function writePrompt({ nodes }: MergeGraph): JsonObject {
  return new Map(
    [...nodes].map(([id, { fields, links }]): [string, Json] => {
      const inputs: JsonObject = new Map(inputsOf(fields) ?? []);
      for (const [name, { origin, output, link }] of links) {
        if (origin === '') inputs.set(name, link);
        else if (nodes.has(origin)) inputs.set(name, [origin, Number(output.slice(1))]);
        else inputs.delete(name);
      }
      return [id, new Map(fields).set('inputs', inputs)];
    }),
  );
}
