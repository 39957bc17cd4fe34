import type { InputSlot, Workflow } from './graph.js';
import type { ObjectInfo } from './interfaces.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { liveInputs } from './live-inputs.js';
import type { Loaded } from './loaded.js';
import { type WidgetNames, widgetsIn } from './node-values.js';
import { type Place, unfold } from './places.js';
import { type Prompt, promptLink } from './prompt.js';
import { arrivalAt } from './resolve-link.js';
import { isGroupNode, isVirtualType } from './virtual-types.js';

/** What models, inputs and classes are read from. */
export type Source = Workflow | Prompt;

/** A node that would run, with the constants that it would run with; links are left out. */
export interface ResolvedNode {
  readonly id: string;
  readonly classType: string;
  readonly title: string | undefined;
  readonly values: ReadonlyMap<string, Json>;
}

/**
 * The nodes of a workflow or prompt that would run. Works without a server: values have the names that the file or our own table gives
 * them, `#0`, `#1` otherwise. Muted, bypassed and browser-only nodes are left out.
 */
export function resolveNodes(source: Source, info?: ObjectInfo, names?: WidgetNames): readonly ResolvedNode[] {
  const before = latest.get(source);
  if (before !== undefined && before.info === info && before.names === names) return before.nodes;
  const nodes = resolveAll(source, info, names);
  latest.set(source, { info, names, nodes });
  return nodes;
}

/** Models, embeddings and inputs of one workflow are asked for one after the other. */
const latest = new WeakMap<
  Source,
  {
    readonly info: ObjectInfo | undefined;
    readonly names: WidgetNames | undefined;
    readonly nodes: readonly ResolvedNode[];
  }
>();

/** Classes of the nodes that would run, a class as often as it does. */
export const runningClasses = (source: Source): string[] =>
  'root' in source
    ? runningPlaces(source).map(({ place }) => place.node.type)
    : [...source.nodes.values()].map(({ classType }) => classType);

function resolveAll(source: Source, info?: ObjectInfo, names?: WidgetNames): ResolvedNode[] {
  if ('root' in source) return runningPlaces(source, info, names).map(({ loaded, place }) => resolved(loaded, place));
  return [...source.nodes.values()].map(({ id, classType, title, inputs }) => {
    const constants = [...inputs].filter(([, value]) => promptLink(value) === undefined);
    return { id, classType, title, values: new Map(constants.map(([name, value]) => [name, unwrapped(value)])) };
  });
}

/** Lists are wrapped as `{"__value__": [...]}` in prompts. */
function unwrapped(value: Json): Json {
  return isObject(value) ? (value.get('__value__') ?? value) : value;
}

function runningPlaces(workflow: Workflow, info?: ObjectInfo, names?: WidgetNames) {
  const loaded: Loaded = { places: unfold(workflow), info, names };
  return [...loaded.places.values()].filter(runs).map((place) => ({ loaded, place }));
}

/** Whether a place becomes a node of the prompt. */
export const runs = ({ node, definition }: Place): boolean =>
  node.state === 'active' && definition === undefined && !isVirtualType(node.type) && !isGroupNode(node.type);

function resolved(loaded: Loaded, place: Place): ResolvedNode {
  const { id, node } = place;
  const values: JsonObject = new Map();
  for (const { name, value, sent } of widgetsIn(node, loaded.info, loaded.names)) {
    if (sent && value !== undefined) values.set(name, value);
  }
  for (const slot of inputsAndWidgets(liveInputs(place, loaded.info), values)) {
    const arrival = arrivalAt(loaded, place, slot);
    if (arrival?.from === 'node') values.delete(slot.name);
    else if (arrival !== undefined) values.set(slot.name, arrival.value);
  }
  return { id, classType: node.type, title: node.title, values };
}

/** A widget without a slot in the file may still be shown on an instance around. */
function inputsAndWidgets(slots: readonly InputSlot[], values: JsonObject): readonly InputSlot[] {
  const known = new Set(slots.map(({ name }) => name));
  const more = [...values.keys()].filter((name) => !known.has(name));
  return [...slots, ...more.map((name) => ({ name, label: undefined, type: '*', link: undefined, widget: name }))];
}
