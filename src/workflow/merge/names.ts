import { InputError } from '../../errors.js';
import { documentKind } from '../detect.js';
import type { NodeName } from '../facts.js';
import { type GraphNode, readWorkflow, type Workflow } from '../graph.js';
import { instanceNames } from '../instance-names.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import { namedValues, type WidgetNames } from '../node-values.js';
import { readPrompt } from '../prompt.js';
import { textOf } from '../slot-shapes.js';
import type { Conflict } from './sides.js';

/** What the nodes of a merged workflow or prompt are called. */
export interface NameTable {
  /** @param held the node itself, where the merged document may not have it */
  node(graph: string | undefined, id: string, held: Json | undefined): NodeName;
  graph(graph: string | undefined): string;
  type(type: string): string;
  /** The widget at a place of the node's values. */
  widget(conflict: Conflict, place: string): string;
  output(graph: string | undefined, id: string, key: string): string | undefined;
  input(graph: string | undefined, key: string): string;
}

/** What names are taken from besides the merged document. */
export interface NameSources {
  /** The versions: one of them has the subgraph that the other one took out. */
  readonly versions?: readonly JsonObject[];
  /** Names of widgets by class. */
  readonly widgets?: WidgetNames | undefined;
}

export function namesOfMerged(merged: JsonObject, sources: NameSources): NameTable {
  return documentKind(merged) === 'prompt' ? promptNames(merged) : workflowNames(readable(merged), sources);
}

/** A file may be good enough to be merged and too damaged to be read further: then there are ids instead of names. */
function readable(workflow: JsonObject): Workflow {
  try {
    return readWorkflow(workflow);
  } catch (error) {
    if (error instanceof InputError) return readWorkflow(new Map([['nodes', []]]));
    throw error;
  }
}

function workflowNames(workflow: Workflow, { versions = [], widgets: names }: NameSources): NameTable {
  const { root, definitions } = workflow;
  // Reading takes its time, and most workflows have no subgraphs.
  const all = versions
    .filter((version) => version.has('definitions'))
    .flatMap((version) => [...readable(version).definitions.values()]);
  const titles = new Map(all.map(({ id, name }) => [id, name] as const));
  const type = (name: string) => definitions.get(name)?.name ?? titles.get(name) ?? name;
  const nodeAt = (graph: string | undefined, id: string) =>
    (graph === undefined ? root : definitions.get(graph))?.nodes.get(id);
  return {
    type,
    graph: (graph) => (graph === undefined ? 'workflow' : `subgraph ${type(graph)}`),
    node(graph, id, held) {
      const node = nodeAt(graph, id);
      const [own, title] = node === undefined ? [heldType(held), heldTitle(held)] : [node.type, node.title];
      return {
        path: graph === undefined ? [] : [type(graph)],
        definition: graph,
        type: type(own ?? 'node'),
        title,
        id,
      };
    },
    widget({ graph, node }, place) {
      if (!/^\d+$/.test(place)) return place;
      const found = node === undefined ? undefined : nodeAt(graph, node);
      return found === undefined ? `#${place}` : (valueNames(found, workflow, names)[Number(place)] ?? `#${place}`);
    },
    output(graph, id, key) {
      const slot = nodeAt(graph, id)?.outputs[numberOf(key)];
      return slot?.label ?? slot?.name ?? (key.startsWith('#') ? undefined : key);
    },
    input(graph, key) {
      const slot = definitions.get(graph ?? '')?.inputs[numberOf(key)];
      return slot?.label ?? slot?.name ?? key;
    },
  };
}

function valueNames(node: GraphNode, { definitions }: Workflow, names: WidgetNames | undefined): string[] {
  const definition = definitions.get(node.type);
  const known = definition === undefined ? names : new Map([[node.type, instanceNames(node, definition)]]);
  return namedValues(node, known).map(({ name }) => name);
}

/** Keys of outputs are `#2` or a name. */
const numberOf = (key: string) => (key.startsWith('#') ? Number(key.slice(1)) : -1);

function promptNames(merged: JsonObject): NameTable {
  const { nodes } = readPrompt(merged);
  return {
    type: (type) => type,
    graph: () => 'prompt',
    node(_, id, held) {
      const node = nodes.get(id);
      const [type, title] = node === undefined ? [heldType(held), heldTitle(held)] : [node.classType, node.title];
      return { path: [], definition: undefined, type: type ?? 'node', title, id };
    },
    widget: (_, place) => place,
    output: (_, __, key) => (key === '#0' ? undefined : `output ${key.slice(1)}`),
    input: (_, key) => key,
  };
}

const heldType = (held: Json | undefined) =>
  isObject(held) ? textOf(held.get('type') ?? held.get('class_type')) : undefined;

function heldTitle(held: Json | undefined): string | undefined {
  if (!isObject(held)) return undefined;
  const meta = held.get('_meta');
  return textOf(held.get('title') ?? (isObject(meta) ? meta.get('title') : undefined));
}
