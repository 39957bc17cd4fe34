import type { GraphNode } from './graph.js';
import { isArray, type Json, tryParseJson } from './json.js';
import { idText, textOf } from './slot-shapes.js';

/** An entry of `properties.proxyWidgets`: a widget inside that frontends before 1.47 showed on a subgraph's instance. */
export interface ProxyEntry {
  /** Interior node; `-1` means the instance's own input of that name. */
  readonly node: string;
  readonly widget: string;
  /** For a widget of a nested instance: the node further inside, from a prefix such as `12: `. */
  readonly through: string | undefined;
  /** What the instance holds for it; `undefined` where it holds nothing. */
  readonly value: Json | undefined;
}

/** Reads the entries, also where the list is JSON text. Values go by the entry's place. */
export function readProxies({ properties, values = [] }: GraphNode): readonly ProxyEntry[] {
  const written = properties.get('proxyWidgets');
  const list = typeof written === 'string' ? tryParseJson(written) : written;
  return (isArray(list) ? list : []).flatMap((entry, at) => {
    const [id, name, further] = isArray(entry) ? entry : [];
    const [node, text] = [idText(id), textOf(name)];
    // Names with $$ are previews; they hold no value.
    if (node === undefined || text === undefined || text.startsWith('$$')) return [];
    const { widget, through } = withoutPrefixes(text);
    return [{ node, widget, through: through ?? idText(further), value: values[at] }];
  });
}

function withoutPrefixes(name: string): { readonly widget: string; readonly through: string | undefined } {
  let [widget, through]: [string, string | undefined] = [name, undefined];
  for (;;) {
    const match = /^\s*(\d+)\s*:\s*(\S.*)$/s.exec(widget);
    if (match?.[2] === undefined) return { widget, through };
    [through, widget] = [match[1], match[2]];
  }
}

/** The entries by interior node. An instance is asked for each input inside of it. */
export function proxiesByNode(node: GraphNode): ReadonlyMap<string, readonly ProxyEntry[]> {
  const known = byNode.get(node);
  if (known !== undefined) return known;
  const found = new Map<string, ProxyEntry[]>();
  for (const entry of readProxies(node)) {
    const entries = found.get(entry.node);
    if (entries === undefined) found.set(entry.node, [entry]);
    else entries.push(entry);
  }
  byNode.set(node, found);
  return found;
}

const byNode = new WeakMap<GraphNode, ReadonlyMap<string, readonly ProxyEntry[]>>();
