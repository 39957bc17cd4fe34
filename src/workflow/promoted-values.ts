import { type InputSlot, inputNodeId, type Link } from './graph.js';
import type { InputSpec } from './interfaces.js';
import type { Json } from './json.js';
import { liveInputs } from './live-inputs.js';
import type { Loaded } from './loaded.js';
import { widgetsIn } from './node-values.js';
import { type Place, placeIn } from './places.js';
import { type ProxyEntry, proxiesByNode } from './proxies.js';
import { settled } from './settled-value.js';
import { primitiveType } from './virtual-types.js';
import type { FilledWidget } from './widgets.js';

/**
 * The value of a subgraph's instance for its input number `at`: the instance's own, else that of the interior widget that the input stands for;
 * `undefined` for an input that stands for none.
 */
export function promotedValue(loaded: Loaded, host: Place, at: number): Json | undefined {
  return promotedInputs(loaded, host).includes(at) ? heldOrInterior(loaded, host, at) : undefined;
}

function heldOrInterior(loaded: Loaded, host: Place, at: number): Json | undefined {
  const held = heldValue(loaded, host, at);
  return held === undefined ? interiorWidget(loaded, host, at)?.value : held;
}

/**
 * What the instance holds: one value for each input that stands for a widget, in order. What `proxyWidgets` of older frontends names goes first.
 */
function heldValue(loaded: Loaded, host: Place, at: number): Json | undefined {
  const { node, definition } = host;
  const name = definition?.inputs[at]?.name;
  const source = sourceOf(loaded, host, at);
  const byNode = proxiesByNode(node);
  const own = (byNode.get('-1') ?? []).filter((entry) => entry.widget === name);
  const shown = (byNode.get(source?.node ?? '') ?? []).filter((entry) => entry.widget === source?.widget);
  const proxy = [...own, ...shown].findLast(({ value }) => value !== undefined);
  if (proxy !== undefined) return proxy.value;
  if (node.values === undefined) return node.named?.get(name ?? '');
  return node.values[promotedInputs(loaded, host).indexOf(at)];
}

/** The widget, or the input of a nested instance, that an instance's input stands for. */
function sourceOf(
  loaded: Loaded,
  host: Place,
  at: number,
): { readonly node: string; readonly widget: string } | undefined {
  const [first] = interiorTargets(loaded, host, at).filter(
    ({ place, slot }) => place.definition !== undefined || slot.widget !== undefined,
  );
  if (first === undefined) return undefined;
  const { place, slot } = first;
  return { node: place.node.id, widget: place.definition === undefined ? (slot.widget ?? '') : slot.name };
}

/** The input of a class that an instance's input stands for. */
export const promotedSpec = (loaded: Loaded, host: Place, at: number): InputSpec | undefined =>
  interiorWidget(loaded, host, at)?.spec;

/** What an instance's input stands for; of several interior widgets the first one. */
function interiorWidget(loaded: Loaded, host: Place, at: number): Pick<FilledWidget, 'spec' | 'value'> | undefined {
  for (const { place, slot } of interiorTargets(loaded, host, at)) {
    if (place.definition !== undefined) {
      const inner = liveInputs(place, loaded.info).findIndex(({ name }) => name === slot.name);
      if (!promotedInputs(loaded, place).includes(inner)) continue;
      return { spec: promotedSpec(loaded, place, inner), value: promotedValue(loaded, place, inner) };
    }
    const widget = widgetsIn(place.node, loaded.info, loaded.names).find(({ name }) => name === slot.widget);
    if (widget?.value !== undefined) return { ...widget, value: settled(widget.spec, place.node.type, widget.value) };
  }
  return undefined;
}

/** Positions of a definition's inputs that stand for a widget inside: each takes one place in the instance's values. */
function promotedInputs(loaded: Loaded, host: Place): readonly number[] {
  const known = promoted.get(host);
  if (known !== undefined) return known;
  const inputs = host.definition?.inputs ?? [];
  const found = inputs.map((_, at) => at).filter((at) => reachesWidget(loaded, host, at));
  promoted.set(host, found);
  return found;
}

/** A place belongs to one loaded workflow; without this, subgraphs inside each other are walked again for each input. */
const promoted = new WeakMap<Place, readonly number[]>();

function reachesWidget(loaded: Loaded, host: Place, at: number): boolean {
  return interiorTargets(loaded, host, at).some(({ place, slot }) => {
    if (place.definition === undefined) return slot.widget !== undefined;
    const inner = liveInputs(place, loaded.info).findIndex(({ name }) => name === slot.name);
    return promotedInputs(loaded, place).includes(inner);
  });
}

interface Target {
  readonly place: Place;
  readonly slot: InputSlot;
}

/** The interior inputs that input number `at` of an instance leads to, in the order of its links. */
const interiorTargets = (loaded: Loaded, host: Place, at: number): readonly Target[] =>
  allTargets(loaded, host)[at] ?? [];

/** By the instance's input; worked out once, as every input inside asks. */
function allTargets(loaded: Loaded, host: Place): readonly (readonly Target[])[] {
  const known = interior.get(host);
  if (known !== undefined) return known;
  const { inputs = [], links = new Map<string, Link>() } = host.definition ?? {};
  const bySlot = inputs.map((): Link[] => []);
  for (const link of links.values()) if (link.origin === inputNodeId) bySlot[link.originSlot]?.push(link);
  const found = inputs.map(({ links: ids }, at) => {
    const order = new Map(ids.map((id, nth) => [id, nth]));
    // Where two links ended at one slot, the input lists the one that stayed, wherever that comes from.
    const foreign = ids.flatMap((id) => links.get(id) ?? []).filter(({ origin }) => origin !== inputNodeId);
    const all = [...(bySlot[at] ?? []), ...foreign];
    const sorted = all.sort((a, b) => (order.get(a.id) ?? -1) - (order.get(b.id) ?? -1));
    return sorted.flatMap((link) => targetOf(loaded, host, link) ?? []);
  });
  interior.set(host, found);
  return found;
}

const interior = new WeakMap<Place, readonly (readonly Target[])[]>();

function targetOf(loaded: Loaded, host: Place, { id, target }: Link): Target | undefined {
  const place = placeIn(loaded.places, host, target);
  const slot = place === undefined ? undefined : liveInputs(place, loaded.info).find(({ link }) => link === id);
  return place === undefined || slot === undefined ? undefined : { place, slot };
}

/**
 * The value that the instance around holds for a widget inside that none of its inputs leads to. Today's frontend makes an input for it when it loads
 * the file, in place of whatever was linked with the widget. Where the instance holds nothing, the widget's own value is taken.
 * A PrimitiveNode is left alone where its control is shown too.
 */
export function proxiedValue(
  loaded: Loaded,
  place: Place,
  name: string,
  own: () => Json | undefined,
): Json | undefined {
  const { host } = place;
  if (host === undefined) return undefined;
  const all = proxiesByNode(host.node).get(place.node.id);
  if (all === undefined) return undefined;
  const entries = all.filter((entry) => isMeant(loaded, place, entry, name));
  if (place.node.type === primitiveType && entries.length < all.length) return undefined;
  if (entries.length === 0 || isSource(loaded, host, place.node.id, name)) return undefined;
  const held = entries.findLast(({ value }) => value !== undefined);
  return held === undefined ? own() : held.value;
}

/**
 * A nested instance's input goes by the node further inside and the widget there that it stands for, where any input does; else by its own name, or by that of its
 * widget. What stands before the name may be a node of the graph around, from a frontend that wrote the whole way.
 */
function isMeant(loaded: Loaded, place: Place, entry: ProxyEntry, name: string): boolean {
  const { definition } = place;
  if (definition === undefined) return entry.widget === name;
  const source = (at: number) => sourceOf(loaded, place, at);
  const at = definition.inputs.findIndex((input) => input.name === name);
  if (entry.through === undefined) return entry.widget === name || source(at)?.widget === entry.widget;
  const isThrough = (found: ReturnType<typeof source>) =>
    found !== undefined && found.node === entry.through && found.widget === entry.widget;
  if (isThrough(source(at))) return true;
  return entry.widget === name && !definition.inputs.some((_, other) => isThrough(source(other)));
}

function isSource(loaded: Loaded, host: Place, node: string, widget: string): boolean {
  const known =
    sources.get(host) ?? new Set((host.definition?.inputs ?? []).map((_, at) => sourceKey(sourceOf(loaded, host, at))));
  sources.set(host, known);
  return known.has(sourceKey({ node, widget }));
}

const sources = new WeakMap<Place, ReadonlySet<string>>();

const sourceKey = (source: { readonly node: string; readonly widget: string } | undefined) =>
  source === undefined ? '' : JSON.stringify([source.node, source.widget]);
