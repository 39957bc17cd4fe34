import { InputError } from '../errors.js';
import { type Graph, type GraphNode, type InputSlot, inputNodeId, type Link } from './graph.js';
import type { Json } from './json.js';
import { connectable, liveInputs, liveOutputType } from './live-inputs.js';
import type { Loaded } from './loaded.js';
import { widgetsIn } from './node-values.js';
import { type Place, placeIn } from './places.js';
import { primitiveValue } from './primitive-value.js';
import { promotedValue, proxiedValue } from './promoted-values.js';
import { settled } from './settled-value.js';
import { isGroupNode, isPassThrough, isSetter, isVirtualType, primitiveType, setterOf } from './virtual-types.js';

/** What arrives at an input: the output of a node that runs, or a value. Nothing arrives: the widget keeps its own value. */
export type Arrival =
  | { readonly from: 'node'; readonly id: string; readonly slot: number }
  | { readonly from: 'host'; readonly value: Json }
  /** `replaces`: `%Node.widget%` in it is to be filled in. */
  | { readonly from: 'primitive'; readonly value: Json; readonly replaces: boolean };

/** Links followed so far, against cycles of virtual nodes. */
type Seen = ReadonlySet<string>;

/** What arrives at an input of a node: what an instance around it holds for the input, else what its link leads to. */
export function arrivalAt(
  loaded: Loaded,
  place: Place,
  slot: InputSlot,
  type?: string,
  seen?: Seen,
): Arrival | undefined {
  const widget = slot.widget ?? slot.name;
  const own = () => {
    const found = widgetsIn(place.node, loaded.info, loaded.names).find(({ name }) => name === widget);
    return found?.value === undefined ? undefined : settled(found.spec, place.node.type, found.value);
  };
  const value = place.host === undefined ? undefined : proxiedValue(loaded, place, widget, own);
  return value === undefined ? resolveInput(loaded, place, slot, type, seen) : { from: 'host', value };
}

/**
 * Follows the link of an input through reroutes, bypassed nodes and subgraph borders to where its value comes from.
 * @throws InputError `link-cycle`, `link-too-long`
 */
export function resolveInput(
  loaded: Loaded,
  place: Place,
  slot: InputSlot,
  type = slot.type,
  seen: Seen = new Set(),
): Arrival | undefined {
  const link = slot.link === undefined ? undefined : place.graph.links.get(slot.link);
  if (link === undefined) return undefined;
  const key = JSON.stringify([place.id, slot.name, link.id]);
  if (seen.has(key)) throw cycle(place);
  if (seen.size >= maxSteps) throw tooLong(place);
  const further = new Set([...seen, key]);
  if (link.origin === inputNodeId) return fromHost(loaded, place, link, further);
  const origin = placeIn(loaded.places, place.host, link.origin);
  if (origin === undefined) return undefined;
  if (origin.node.type === primitiveType) return seen.size === 0 ? fromPrimitive(loaded, origin, slot) : undefined;
  return resolveOutput(loaded, origin, link.originSlot, type, further);
}

const cycle = ({ node, id }: Place) =>
  new InputError('link-cycle', `the links at ${node.title ?? node.type} #${id} run in a circle`, {
    hint: 'open the workflow in ComfyUI and cut one of them',
  });

/** Reroutes, bypassed nodes and borders in a row; people make some tens. */
const maxSteps = 1000;

const tooLong = ({ node, id }: Place) =>
  new InputError(
    'link-too-long',
    `a link to ${node.type} #${id} goes through more than ${maxSteps} reroutes and borders`,
    {
      hint: 'ask whoever made the file',
    },
  );

function fromHost(loaded: Loaded, { host }: Place, link: Link, seen: Seen): Arrival | undefined {
  if (host === undefined) return undefined;
  const slot = liveInputs(host, loaded.info)[link.originSlot];
  if (slot === undefined) return undefined;
  const own = () => promotedValue(loaded, host, link.originSlot);
  const around = proxiedValue(loaded, host, slot.name, own);
  if (around !== undefined) return { from: 'host', value: around };
  if (slot.link !== undefined) return resolveInput(loaded, host, slot, slot.type, seen);
  const value = own();
  return value === undefined ? undefined : { from: 'host', value };
}

/**
 * A primitive writes its value into the widget at the other end of its link, and nowhere else: a socket gets nothing from it, nor does what lies behind
 * a reroute, a bypassed node or a subgraph's border.
 */
function fromPrimitive(loaded: Loaded, origin: Place, slot: InputSlot): Arrival | undefined {
  const around = proxiedValue(loaded, origin, 'value', () => primitiveValue(loaded, origin));
  if (around !== undefined && slot.widget !== undefined) return { from: 'host', value: around };
  const value = slot.widget === undefined ? undefined : primitiveValue(loaded, origin);
  if (value === undefined) return undefined;
  return { from: 'primitive', value, replaces: origin.node.properties.get('Run widget replace on values') === true };
}

function resolveOutput(loaded: Loaded, place: Place, slot: number, type: string, seen: Seen): Arrival | undefined {
  const { node } = place;
  if (node.state === 'muted') return undefined;
  if (node.state === 'bypassed') {
    const input = bypassInput(loaded, place, slot, type);
    return input === undefined ? undefined : arrivalAt(loaded, place, input, input.type, seen);
  }
  if (place.definition !== undefined) return fromInside(loaded, place, slot, type, seen);
  if (setterOf(node.type) !== undefined) return fromSetter(loaded, place, { slot, type }, seen);
  if (isPassThrough(node.type)) {
    const input = liveInputs(place, loaded.info)[slot];
    return input === undefined ? undefined : resolveInput(loaded, place, input, type, seen);
  }
  if (isVirtualType(node.type) || isGroupNode(node.type)) return undefined;
  return { from: 'node', id: place.id, slot };
}

/** Which input a bypassed node hands on. As in the frontend it need not be a linked one. */
function bypassInput(loaded: Loaded, place: Place, slot: number, type: string): InputSlot | undefined {
  const inputs = liveInputs(place, loaded.info);
  if (type === '*' || type === '') return inputs[slot] ?? inputs[0];
  const output = liveOutputType(place, slot, loaded.info);
  const fits = (input: InputSlot) => connectable(input.type, output) && connectable(input.type, type);
  const same = inputs[slot];
  if (same !== undefined && fits(same)) return same;
  return inputs.find((input) => input.type === type) ?? inputs.find(fits);
}

/** The first link of the definition's output leads to the interior node that the instance's output stands for. */
function fromInside(loaded: Loaded, place: Place, slot: number, type: string, seen: Seen): Arrival | undefined {
  const definition = place.definition;
  if (definition === undefined) return undefined;
  const ids = definition.outputs[slot]?.links ?? [];
  const link = ids.map((id) => definition.links.get(id)).find((found) => found !== undefined);
  if (link === undefined) return undefined;
  if (link.origin === inputNodeId) {
    const input = liveInputs(place, loaded.info)[link.originSlot];
    return input === undefined ? undefined : resolveInput(loaded, place, input, type, seen);
  }
  const inner = placeIn(loaded.places, place, link.origin);
  if (inner === undefined || inner.node.type === primitiveType) return undefined;
  return resolveOutput(loaded, inner, link.originSlot, type, seen);
}

/**
 * The first setter of the same name in the getter's own graph; else the one of the graphs around it, if there is but one. Output n of the getter is input n
 * of the setter.
 */
function fromSetter(
  loaded: Loaded,
  place: Place,
  from: { readonly slot: number; readonly type: string },
  seen: Seen,
): Arrival | undefined {
  const found = settersAround(loaded, place);
  const own = found.find((setter) => setter.host === place.host);
  const setter = own ?? (found.length === 1 ? found[0] : undefined);
  const input = setter === undefined ? undefined : liveInputs(setter, loaded.info)[from.slot];
  return setter === undefined || input === undefined ? undefined : resolveInput(loaded, setter, input, from.type, seen);
}

function settersAround(loaded: Loaded, place: Place): Place[] {
  const name = place.node.values?.[0];
  const wanted = setterOf(place.node.type);
  const found: Place[] = [];
  for (let level: Place | undefined = place; level !== undefined; level = level.host) {
    for (const node of settersIn(level.graph)) {
      if (node.type !== wanted || node.values?.[0] !== name) continue;
      const setter = placeIn(loaded.places, level.host, node.id);
      if (setter !== undefined) found.push(setter);
    }
  }
  return found;
}

function settersIn(graph: Graph): readonly GraphNode[] {
  const known = setters.get(graph) ?? [...graph.nodes.values()].filter(({ type }) => isSetter(type));
  setters.set(graph, known);
  return known;
}

const setters = new WeakMap<Graph, readonly GraphNode[]>();
