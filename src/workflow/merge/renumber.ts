import { looseId } from '../graphs.js';
import { isArray, isObject, type Json, type JsonObject, parseJson, writeJson } from '../json.js';
import type { Graphs, Renumbering } from './added-ids.js';
import type { MergeGraph, MergeNode } from './model.js';

/** The graphs with other ids: of the nodes, in links, and where members name nodes. */
export function renumberGraphs(graphs: Graphs, moves: Renumbering): Graphs {
  if (moves.size === 0) return graphs;
  return new Map([...graphs].map(([key, graph]) => [key, renumberGraph(graph, moves.get(key) ?? none, moves)]));
}

type Moves = ReadonlyMap<string, string>;
const none: Moves = new Map();

function renumberGraph(graph: MergeGraph, moves: Moves, all: Renumbering): MergeGraph {
  const nodes = [...graph.nodes].map(([id, node]): [string, MergeNode] => {
    const links = [...node.links].map(
      ([key, source]) => [key, { ...source, origin: moves.get(source.origin) ?? source.origin }] as const,
    );
    const fields = withInnerIds(node.fields, all.get(String(node.fields.get('type'))) ?? none);
    const now = moves.get(id);
    const named =
      now === undefined || !fields.has('id') ? fields : new Map(fields).set('id', idLike(fields.get('id'), now));
    return [now ?? id, { fields: named, links: new Map(links) }];
  });
  return { nodes: new Map(nodes), fields: moves.size === 0 ? graph.fields : withMovedSettings(graph.fields, moves) };
}

/** The new id as a text where the old one was one. */
const idLike = (old: Json | undefined, id: string): Json => (typeof old === 'string' ? id : Number(id));

/** An instance names nodes inside its definition: `proxyWidgets` (a list, or that as JSON text) and `previewExposures`. */
function withInnerIds(fields: JsonObject, moves: Moves): JsonObject {
  const properties = fields.get('properties');
  if (moves.size === 0 || !isObject(properties)) return fields;
  const changed: JsonObject = new Map(properties);
  const proxies = properties.get('proxyWidgets');
  if (isArray(proxies))
    changed.set(
      'proxyWidgets',
      proxies.map((entry) => withFirst(entry, moves)),
    );
  if (typeof proxies === 'string') changed.set('proxyWidgets', withProxyText(proxies, moves));
  const exposures = properties.get('previewExposures');
  if (isArray(exposures))
    changed.set(
      'previewExposures',
      exposures.map((entry) => withMember(entry, 'sourceNodeId', moves)),
    );
  return new Map(fields).set('properties', changed);
}

function withProxyText(text: string, moves: Moves): string {
  try {
    const list = parseJson(text);
    return isArray(list) ? writeJson(list.map((entry) => withFirst(entry, moves))) : text;
  } catch {
    return text;
  }
}

/** App mode (`extra.linearData`) names nodes by id, and so does a definition's `widgets`. */
function withMovedSettings(fields: JsonObject, moves: Moves): JsonObject {
  const changed: JsonObject = new Map(fields);
  const widgets = fields.get('widgets');
  if (isArray(widgets))
    changed.set(
      'widgets',
      widgets.map((entry) => withMember(entry, 'id', moves)),
    );
  const extra = fields.get('extra');
  const linear = isObject(extra) ? extra.get('linearData') : undefined;
  if (!isObject(extra) || !isObject(linear)) return changed;
  const [inputs, outputs] = [linear.get('inputs'), linear.get('outputs')];
  const moved: JsonObject = new Map(linear);
  if (isArray(inputs))
    moved.set(
      'inputs',
      inputs.map((entry) => withFirst(entry, moves)),
    );
  if (isArray(outputs))
    moved.set(
      'outputs',
      outputs.map((id) => movedId(id, moves)),
    );
  return changed.set('extra', new Map(extra).set('linearData', moved));
}

const withFirst = (entry: Json, moves: Moves): Json =>
  isArray(entry) ? entry.map((id, at) => (at === 0 ? movedId(id, moves) : id)) : entry;

const withMember = (entry: Json, key: string, moves: Moves): Json =>
  isObject(entry) && entry.has(key) ? new Map(entry).set(key, movedId(entry.get(key) ?? null, moves)) : entry;

function movedId(id: Json, moves: Moves): Json {
  const now = moves.get(looseId(id));
  return now === undefined ? id : idLike(id, now);
}
