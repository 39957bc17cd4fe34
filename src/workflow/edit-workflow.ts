import type { Target } from './assignment.js';
import { toPrompt } from './convert.js';
import { readWorkflow } from './graph.js';
import type { ObjectInfo } from './interfaces.js';
import { canonicalJson, isArray, isObject, type Json, type JsonObject } from './json.js';
import { readPrompt } from './prompt.js';

/** What is to change, as seen in the prompt. */
export interface Edit {
  readonly target: Target;
  readonly before: Json;
  readonly after: Json;
}

/**
 * Puts a value that was set in a prompt into the workflow that the prompt comes from, so that what is embedded is what ran. The value may stand
 * on the node itself, on a subgraph's instance, or on a PrimitiveNode far away, so every place that holds the old value
 * is tried, the likeliest first; right is the one whose conversion gives exactly the prompt that is wanted.
 * @returns `undefined` where no single value does it (a text with alternatives, a subgraph that is used twice)
 */
export function editWorkflow(
  workflow: JsonObject,
  info: ObjectInfo,
  edit: Edit,
  wanted: JsonObject,
): JsonObject | undefined {
  const goal = canonicalJson(wanted);
  const places = placesOf(workflow, edit).slice(0, maxTries);
  return places
    .map((path) => replaceAt(workflow, path, edit.after))
    .find((changed) => isObject(changed) && canonicalJson(toPrompt(readWorkflow(changed), info)) === goal) as
    | JsonObject
    | undefined;
}

/** Conversions of the largest workflows take some tens of milliseconds. */
const maxTries = 40;

type Path = readonly (string | number)[];

/** Where the old value stands among the widget values of all nodes: those of nodes on the target's own path come first. */
function placesOf(workflow: JsonObject, { target, before }: Edit): Path[] {
  const old = canonicalJson(before);
  const ids = target.node.split(':');
  const found: { readonly path: Path; readonly near: boolean }[] = [];
  for (const { path, node } of allNodes(workflow)) {
    const near = ids.includes(canonicalJson(node.get('id') ?? null).replaceAll('"', ''));
    for (const key of ['widgets_values', 'widgets_values_named']) {
      for (const [name, value] of entriesOf(node.get(key))) {
        if (canonicalJson(value) === old) found.push({ path: [...path, key, name], near });
      }
    }
  }
  return [...found.filter(({ near }) => near), ...found.filter(({ near }) => !near)].map(({ path }) => path);
}

const entriesOf = (values: Json | undefined): [string | number, Json][] =>
  isArray(values) ? [...values.entries()] : isObject(values) ? [...values] : [];

function* allNodes(workflow: JsonObject): Iterable<{ readonly path: Path; readonly node: JsonObject }> {
  yield* nodesIn(workflow, []);
  const definitions = workflow.get('definitions');
  const subgraphs = isObject(definitions) ? definitions.get('subgraphs') : undefined;
  for (const [at, subgraph] of isArray(subgraphs) ? subgraphs.entries() : []) {
    if (isObject(subgraph)) yield* nodesIn(subgraph, ['definitions', 'subgraphs', at]);
  }
}

function* nodesIn(graph: JsonObject, path: Path): Iterable<{ readonly path: Path; readonly node: JsonObject }> {
  const nodes = graph.get('nodes');
  for (const [at, node] of isArray(nodes) ? nodes.entries() : []) {
    if (isObject(node)) yield { path: [...path, 'nodes', at], node };
  }
}

/** A copy along the path; everything beside it is shared. */
function replaceAt(value: Json, path: Path, after: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return after;
  if (isArray(value)) return value.map((item, at) => (at === step ? replaceAt(item, rest, after) : item));
  if (!isObject(value)) return value;
  return new Map([...value].map(([key, item]) => [key, key === step ? replaceAt(item, rest, after) : item]));
}

/** The value that stands at a target now. */
export function valueAt(prompt: JsonObject, { node, input }: Target): Json {
  return readPrompt(prompt).nodes.get(node)?.inputs.get(input) ?? null;
}
