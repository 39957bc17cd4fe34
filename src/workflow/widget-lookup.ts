import type { Json } from './json.js';
import { liveInputs } from './live-inputs.js';
import { widgetsIn } from './node-values.js';
import type { Place } from './places.js';
import { promotedValue } from './promoted-values.js';
import { type Loaded, resolveInput } from './resolve-link.js';
import { settled, typedInto } from './settled-value.js';
import { textOf } from './slot-shapes.js';
import { type Lookup, namesFiles } from './text-replacements.js';

/**
 * Finds widgets by the name of their node, for file names: the "Node name for S&R" of its properties first (its class where that is missing),
 * then its title. Nodes inside of a subgraph come before the instance.
 */
export function widgetLookup(loaded: Loaded): Lookup {
  const places = insideFirst(loaded);
  return (name, widget) => {
    const place =
      places.find((each) => replaceName(loaded, each) === name) ??
      places.find((each) => titleOf(loaded, each) === name);
    return place === undefined ? undefined : widgetValue(loaded, place, widget);
  };
}

function insideFirst({ places }: Loaded): Place[] {
  const held = new Map<Place | undefined, Place[]>();
  for (const place of places.values()) held.set(place.host, [...(held.get(place.host) ?? []), place]);
  const walk = (host: Place | undefined): Place[] => (held.get(host) ?? []).flatMap((place) => [...walk(place), place]);
  return walk(undefined);
}

function replaceName({ info }: Loaded, { node }: Place): string | undefined {
  const written = textOf(node.properties.get('Node name for S&R'));
  return written ?? (info?.has(node.type) === true && !namesFiles(node.type) ? node.type : undefined);
}

const titleOf = ({ info }: Loaded, { node }: Place): string =>
  node.title ?? info?.get(node.type)?.displayName ?? node.type;

function widgetValue(loaded: Loaded, place: Place, name: string): Json | undefined {
  const slots = liveInputs(place, loaded.info);
  if (place.definition !== undefined) {
    const at = slots.findIndex((slot) => slot.name === name);
    return at < 0 ? undefined : promotedValue(loaded, place, at);
  }
  const widget = widgetsIn(place.node, loaded.info, loaded.names).find((each) => each.name === name);
  const slot = slots.find((each) => each.name === name);
  const arrival = slot === undefined ? undefined : resolveInput(loaded, place, slot);
  if (arrival?.from === 'primitive') return typedInto(widget?.spec, arrival.value);
  return widget?.value === undefined ? undefined : settled(widget.spec, place.node.type, widget.value);
}
