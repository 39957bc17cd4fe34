import type { Definition, Graph, GraphNode, Workflow } from './graph.js';
import type { Json } from './json.js';
import { liveInputs } from './live-inputs.js';
import type { Loaded } from './loaded.js';
import { widgetsIn } from './node-values.js';
import type { Place } from './places.js';
import { promotedValue } from './promoted-values.js';
import { resolveInput } from './resolve-link.js';
import { settled, typedInto } from './settled-value.js';
import { textOf } from './slot-shapes.js';
import { type Lookup, namesFiles } from './text-replacements.js';

/**
 * Finds widgets by the name of their node, for file names: the "Node name for S&R" of its properties first (its class where that is missing),
 * then its title. Nodes inside of a subgraph come before the instance; muted and bypassed ones count.
 */
export function widgetLookup(loaded: Loaded, workflow: Workflow): Lookup {
  const nodes = allNodes(workflow.root, workflow.definitions, new Set());
  let names: ReadonlyMap<string, GraphNode> | undefined;
  return (name, widget) => {
    names ??= byName(loaded, nodes);
    const node = names.get(name);
    return node === undefined ? undefined : widgetValue(loaded, node, widget);
  };
}

/** The first node of each name; titles give way to names for replacement. */
function byName(loaded: Loaded, nodes: readonly GraphNode[]): ReadonlyMap<string, GraphNode> {
  const found = new Map<string, GraphNode>();
  for (const node of [...nodes].reverse()) found.set(titleOf(loaded, node), node);
  for (const node of [...nodes].reverse()) {
    const name = replaceName(loaded, node);
    if (name !== undefined) found.set(name, node);
  }
  return found;
}

function allNodes(graph: Graph, definitions: ReadonlyMap<string, Definition>, seen: Set<Graph>): GraphNode[] {
  if (seen.has(graph)) return [];
  seen.add(graph);
  return [...graph.nodes.values()].flatMap((node) => {
    const inside = definitions.get(node.type);
    return [...(inside === undefined ? [] : allNodes(inside, definitions, seen)), node];
  });
}

function replaceName({ info }: Loaded, { type, properties }: GraphNode): string | undefined {
  const written = textOf(properties.get('Node name for S&R'));
  return written ?? (info?.has(type) === true && !namesFiles(type) ? type : undefined);
}

const titleOf = ({ info }: Loaded, { title, type }: GraphNode): string => title ?? info?.get(type)?.displayName ?? type;

function widgetValue(loaded: Loaded, node: GraphNode, name: string): Json | undefined {
  const place = [...loaded.places.values()].find((each) => each.node === node);
  if (place?.definition !== undefined) return promoted(loaded, place, name);
  const widget = widgetsIn(node, loaded.info, loaded.names).find((each) => each.name === name);
  if (widget?.value === undefined) return undefined;
  const slot = place === undefined ? undefined : liveInputs(place, loaded.info).find((each) => each.name === name);
  const arrival = place === undefined || slot === undefined ? undefined : resolveInput(loaded, place, slot);
  const value = arrival?.from === 'primitive' ? typedInto(widget.spec, arrival.value) : widget.value;
  return settled(widget.spec, node.type, value);
}

function promoted(loaded: Loaded, place: Place, name: string): Json | undefined {
  const at = place.definition?.inputs.findIndex((input) => input.name === name) ?? -1;
  return at < 0 ? undefined : promotedValue(loaded, place, at);
}
