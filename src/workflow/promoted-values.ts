import { type GraphNode, type InputSlot, inputNodeId } from './graph.js';
import type { InputSpec } from './interfaces.js';
import { isArray, type Json, tryParseJson } from './json.js';
import { liveInputs } from './live-inputs.js';
import { widgetsIn } from './node-values.js';
import { type Place, placeIn } from './places.js';
import type { Loaded } from './resolve-link.js';
import { settled } from './settled-value.js';
import { idText, textOf } from './slot-shapes.js';
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
 * What the instance holds. Frontends since 1.47 keep one value for each promoted input on the instance; before that `properties.proxyWidgets` says
 * what the values belong to.
 */
function heldValue(loaded: Loaded, host: Place, at: number): Json | undefined {
  const input = host.definition?.inputs[at];
  if (input === undefined) return undefined;
  const proxies = readProxies(host.node);
  const values = host.node.values ?? [];
  if (proxies.length > 0) {
    if (values.length !== proxies.length) return host.node.named?.get(input.name);
    const targets = interiorTargets(loaded, host, at);
    const index = proxies.findIndex(
      ({ node, widget }) =>
        (node === '-1' && widget === input.name) ||
        targets.some((target) => target.place.node.id === node && target.slot.widget === widget),
    );
    return index < 0 ? undefined : values[index];
  }
  const index = promotedInputs(loaded, host).indexOf(at);
  if (index < 0) return undefined;
  return index < values.length ? values[index] : host.node.named?.get(input.name);
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

/** The interior inputs that input number `at` of an instance leads to, in the order of its links. */
function interiorTargets(
  loaded: Loaded,
  host: Place,
  at: number,
): { readonly place: Place; readonly slot: InputSlot }[] {
  const definition = host.definition;
  if (definition === undefined) return [];
  const links = [...definition.links.values()].filter((link) => link.origin === inputNodeId && link.originSlot === at);
  const order = definition.inputs[at]?.links ?? [];
  links.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  return links.flatMap(({ id, target }) => {
    const place = placeIn(loaded.places, host, target);
    const slot = place === undefined ? undefined : liveInputs(place, loaded.info).find(({ link }) => link === id);
    return place === undefined || slot === undefined ? [] : [{ place, slot }];
  });
}

/** `properties.proxyWidgets`: pairs of interior node id and widget name; also as JSON text. `-1` means the instance's input of that name. */
export function readProxies(node: GraphNode): { readonly node: string; readonly widget: string }[] {
  const written = node.properties.get('proxyWidgets');
  const list = typeof written === 'string' ? tryParseJson(written) : written;
  return (isArray(list) ? list : []).filter(isArray).flatMap(([id, name]) => {
    const [inner, widget] = [idText(id), textOf(name)];
    // Names with $$ are previews; they hold no value.
    return inner === undefined || widget === undefined || widget.startsWith('$$') ? [] : [{ node: inner, widget }];
  });
}

/** Values that an instance holds for widgets inside that no input leads to, by `<interior node id> <widget>`. */
export function proxiedValue(host: Place | undefined, nodeId: string, widget: string): Json | undefined {
  if (host === undefined) return undefined;
  const proxies = readProxies(host.node);
  if (host.node.values?.length !== proxies.length) return undefined;
  const at = proxies.findIndex((proxy) => proxy.node === nodeId && proxy.widget === widget);
  return at < 0 ? undefined : host.node.values[at];
}
