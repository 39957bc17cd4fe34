// Edits as a person makes them in the browser, on a workflow in any state: each finds its node by id, and does nothing it cannot do.
import { isArray, isObject, type Json, type JsonObject, toDouble } from '../../src/workflow/json.js';

/** One edit. `graph` counts the root and the definitions; `node` is an id. */
export type Edit = { readonly graph: number; readonly node: string } & (
  | { readonly do: 'value'; readonly at: number; readonly value: Json }
  | { readonly do: 'title' | 'property'; readonly text: string }
  | { readonly do: 'mode'; readonly mode: number }
  | { readonly do: 'delete' }
  | { readonly do: 'disconnect'; readonly input: string }
  | { readonly do: 'rewire'; readonly input: string; readonly origin: string; readonly slot: number }
  | { readonly do: 'insert'; readonly input: string; readonly type: string; readonly value: Json }
  | { readonly do: 'add'; readonly slot: number; readonly type: string; readonly value: Json }
);

const list = (value: Json | undefined): JsonObject[] => (isArray(value) ? value.filter(isObject) : []);
const text = (id: Json | undefined) =>
  typeof id === 'object' && id !== null && 'lexeme' in id ? id.lexeme : String(id);

export function graphsIn(workflow: JsonObject): JsonObject[] {
  const definitions = workflow.get('definitions');
  return [workflow, ...(isObject(definitions) ? list(definitions.get('subgraphs')) : [])];
}

export const nodesIn = (graph: JsonObject): JsonObject[] => list(graph.get('nodes'));
export const inputsIn = (node: JsonObject): JsonObject[] => list(node.get('inputs'));

/** A link by its members, tuple or object. */
export interface LinkView {
  readonly id: string;
  readonly origin: string;
  readonly slot: number;
  readonly target: string;
  readonly at: number;
}

export const linksIn = (graph: JsonObject): LinkView[] => {
  const links = graph.get('links');
  return (isArray(links) ? links : []).flatMap((link) => {
    const parts = isArray(link)
      ? link
      : isObject(link)
        ? ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot'].map((key) => link.get(key))
        : [];
    if (parts.length === 0) return [];
    const [id, origin, slot, target, at] = parts;
    return [
      { id: text(id), origin: text(origin), slot: toDouble(slot) ?? 0, target: text(target), at: toDouble(at) ?? 0 },
    ];
  });
};

/** A deep copy, to be changed in place. */
const copy = (value: Json): Json =>
  isArray(value)
    ? value.map(copy)
    : isObject(value)
      ? new Map([...value].map(([key, item]) => [key, copy(item)]))
      : value;

/** The workflow after the edit; `undefined` where there is nothing that could be edited so. */
export function apply(workflow: JsonObject, edit: Edit): JsonObject | undefined {
  const changed = copy(workflow) as JsonObject;
  const graph = graphsIn(changed)[edit.graph];
  const node = graph && nodesIn(graph).find((each) => text(each.get('id')) === edit.node);
  if (graph === undefined || node === undefined) return undefined;
  return change(changed, graph, node, edit) ? changed : undefined;
}

function change(workflow: JsonObject, graph: JsonObject, node: JsonObject, edit: Edit): boolean {
  switch (edit.do) {
    case 'value': {
      const values = node.get('widgets_values');
      if (!isArray(values) || edit.at >= values.length) return false;
      values[edit.at] = edit.value;
      // The named list says the same.
      const named = node.get('widgets_values_named');
      const key = isObject(named) ? [...named.keys()][edit.at] : undefined;
      if (isObject(named) && key !== undefined) named.set(key, edit.value);
      return true;
    }
    case 'title':
      node.set('title', edit.text);
      return true;
    case 'property':
      node.set(
        'properties',
        new Map([
          ...(isObject(node.get('properties')) ? (node.get('properties') as JsonObject) : []),
          ['note', edit.text],
        ]),
      );
      return true;
    case 'mode':
      node.set('mode', edit.mode);
      return true;
    case 'delete':
      for (const link of linksIn(graph))
        if (link.origin === edit.node || link.target === edit.node) removeLink(graph, link);
      graph.set(
        'nodes',
        nodesIn(graph).filter((each) => each !== node),
      );
      return true;
    case 'disconnect': {
      const link = linkAt(graph, node, edit.input);
      if (link === undefined) return false;
      removeLink(graph, link);
      return true;
    }
    case 'rewire':
      return connect(workflow, graph, { origin: edit.origin, slot: edit.slot, target: node, input: edit.input });
    case 'insert': {
      const link = linkAt(graph, node, edit.input);
      if (link === undefined) return false;
      const between = addNode(workflow, graph, edit);
      connect(workflow, graph, { origin: link.origin, slot: link.slot, target: between, input: 'in' });
      return connect(workflow, graph, { origin: text(between.get('id')), slot: 0, target: node, input: edit.input });
    }
    case 'add': {
      const added = addNode(workflow, graph, edit);
      return connect(workflow, graph, { origin: edit.node, slot: edit.slot, target: added, input: 'in' });
    }
  }
}

function linkAt(graph: JsonObject, node: JsonObject, input: string): LinkView | undefined {
  const at = inputsIn(node).findIndex((slot) => slot.get('name') === input);
  const id = text(inputsIn(node)[at]?.get('link'));
  return linksIn(graph).find((link) => link.id === id);
}

function removeLink(graph: JsonObject, { id }: LinkView): void {
  const links = graph.get('links');
  if (isArray(links))
    graph.set(
      'links',
      links.filter((link) => text(isArray(link) ? link[0] : isObject(link) ? link.get('id') : undefined) !== id),
    );
  for (const slot of nodesIn(graph).flatMap(inputsIn)) if (text(slot.get('link')) === id) slot.set('link', null);
  for (const slot of [...list(graph.get('inputs')), ...list(graph.get('outputs'))]) {
    const ids = slot.get('linkIds');
    if (isArray(ids))
      slot.set(
        'linkIds',
        ids.filter((one) => text(one) !== id),
      );
  }
}

interface Wire {
  readonly origin: string;
  readonly slot: number;
  readonly target: JsonObject;
  readonly input: string;
}

function connect(workflow: JsonObject, graph: JsonObject, { origin, slot, target, input }: Wire): boolean {
  const from = nodesIn(graph).find((node) => text(node.get('id')) === origin);
  const at = inputsIn(target).findIndex((each) => each.get('name') === input);
  const entry = list(graph.get('inputs'))[slot];
  if ((from === undefined && (origin !== '-10' || entry === undefined)) || at < 0) return false;
  const old = linkAt(graph, target, input);
  if (old !== undefined) removeLink(graph, old);
  const id = next(
    workflow,
    'last_link_id',
    'lastLinkId',
    graphsIn(workflow)
      .flatMap(linksIn)
      .map((link) => Number(link.id)),
  );
  const ends = [id, from?.get('id') ?? -10, slot, target.get('id') ?? null, at, '*'] as const;
  const isDefinition = graph !== workflow;
  const link: Json = isDefinition
    ? new Map(
        ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot', 'type'].map((key, index) => [
          key,
          ends[index] ?? null,
        ]),
      )
    : [...ends];
  const links = graph.get('links');
  graph.set('links', [...(isArray(links) ? links : []), link]);
  inputsIn(target)[at]?.set('link', id);
  if (from === undefined && entry !== undefined)
    entry.set('linkIds', [...(isArray(entry.get('linkIds')) ? (entry.get('linkIds') as Json[]) : []), id]);
  return true;
}

function addNode(
  workflow: JsonObject,
  graph: JsonObject,
  { type, value }: { readonly type: string; readonly value: Json },
): JsonObject {
  const id = next(
    workflow,
    'last_node_id',
    'lastNodeId',
    graphsIn(workflow)
      .flatMap(nodesIn)
      .map((node) => Number(text(node.get('id')))),
  );
  const node: JsonObject = new Map<string, Json>([
    ['id', id],
    ['type', type],
    ['mode', 0],
    [
      'inputs',
      [
        new Map<string, Json>([
          ['name', 'in'],
          ['type', '*'],
          ['link', null],
        ]),
      ],
    ],
    [
      'outputs',
      [
        new Map<string, Json>([
          ['name', 'out'],
          ['type', '*'],
        ]),
      ],
    ],
    ['properties', new Map()],
    ['widgets_values', [value]],
  ]);
  graph.set('nodes', [...nodesIn(graph), node]);
  return node;
}

/** The next id, as the frontend counts: over all graphs, the counter of the root repeated in every definition. */
function next(workflow: JsonObject, counter: string, inState: string, ids: readonly number[]): number {
  const known = Number(text(workflow.get(counter) ?? 0));
  const id = Math.max(known, 0, ...ids.filter((one) => Number.isSafeInteger(one))) + 1;
  workflow.set(counter, id);
  for (const graph of graphsIn(workflow).slice(1)) {
    const state = graph.get('state');
    if (isObject(state)) state.set(inState, id);
  }
  return id;
}
