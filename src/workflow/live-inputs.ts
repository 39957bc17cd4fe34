import type { Graph, GraphNode, InputSlot, Link } from './graph.js';
import type { InputSpec, ObjectInfo } from './interfaces.js';
import { isObject } from './json.js';
import { widgetsIn } from './node-values.js';
import type { Place } from './places.js';
import { textOf } from './slot-shapes.js';
import { isWidget } from './widgets.js';

/**
 * The input slots as the frontend has them once the file is loaded: for a known class sockets in the class' order, then the widgets'
 * slots, matched to the file by name; what the class does not know comes last. An instance has its definition's inputs.
 * Without knowledge of the class, the file's slots.
 */
export function liveInputs(place: Standing, info: ObjectInfo | undefined): readonly InputSlot[] {
  const known = worked.get(place);
  if (known !== undefined && known.info === info) return known.slots;
  const slots = place.definition === undefined ? classInputs(place.node, info) : instanceInputs(place);
  const live = place.graph === undefined ? slots : withTrueLinks(slots, place.node, place.graph);
  worked.set(place, { info, slots: live });
  return live;
}

/** Everything inside of an instance asks for the inputs of the instance. */
const worked = new WeakMap<Standing, { readonly info: ObjectInfo | undefined; readonly slots: readonly InputSlot[] }>();

/** A node, with its graph where links are to be looked at. */
type Standing = Pick<Place, 'node' | 'definition'> & { readonly graph?: Graph };

function classInputs(node: GraphNode, info: ObjectInfo | undefined): readonly InputSlot[] {
  const saved = node.inputs;
  const known = info?.get(node.type);
  if (known === undefined) return saved;
  const specs = [...known.inputs.filter((spec) => !isWidget(spec)), ...known.inputs.filter(isWidget)];
  const live = specs.flatMap((spec): InputSlot | readonly InputSlot[] => {
    if (spec.type === growing) return saved.filter(({ name }) => name.startsWith(`${spec.name}.`));
    const slot = saved.find(({ name }) => name === spec.name);
    const widget = isWidget(spec) ? spec.name : undefined;
    return { name: spec.name, type: typeOf(spec, slot), label: slot?.label, link: slot?.link, widget };
  });
  const names = new Set(live.map(({ name }) => name));
  return [...live, ...saved.filter((slot) => !names.has(slot.name) && !isGone(slot, node, info))];
}

/** An input that is as many slots as are linked, and one more: the file has them. */
const growing = 'COMFY_AUTOGROW_V3';

/**
 * A link belongs to the node that it names as its target, whatever other inputs say of it; one that no input of that node claims goes to the slot that it
 * names, and so does one that several claim, or to the first of them. Files that people or scripts have edited say both.
 */
function withTrueLinks(slots: readonly InputSlot[], node: GraphNode, graph: Graph): readonly InputSlot[] {
  const arriving = linksByTarget(graph).get(node.id) ?? [];
  const own = new Map(arriving.map((link) => [link.id, link]));
  const holder = holders(slots, own);
  const live = slots.map((slot, at) =>
    slot.link === undefined || holder.get(slot.link) === at ? slot : { ...slot, link: undefined },
  );
  const claimed = new Set(node.inputs.map(({ link }) => link));
  for (const { id, targetSlot } of arriving) {
    const slot = live[targetSlot];
    if (!claimed.has(id) && slot !== undefined && slot.link === undefined) live[targetSlot] = { ...slot, link: id };
  }
  return live;
}

/** The position of the one slot that holds each link. */
function holders(slots: readonly InputSlot[], own: ReadonlyMap<string, Link>): ReadonlyMap<string, number> {
  const holder = new Map<string, number>();
  for (const [at, { link }] of slots.entries()) {
    if (link === undefined || !own.has(link)) continue;
    if (!holder.has(link) || own.get(link)?.targetSlot === at) holder.set(link, at);
  }
  return holder;
}

function linksByTarget(graph: Graph): ReadonlyMap<string, readonly Link[]> {
  const known = targets.get(graph);
  if (known !== undefined) return known;
  const found = new Map<string, Link[]>();
  for (const link of graph.links.values()) {
    const arriving = found.get(link.target);
    if (arriving === undefined) found.set(link.target, [link]);
    else arriving.push(link);
  }
  targets.set(graph, found);
  return found;
}

/** A graph does not change once it is read; nodes ask for their links one after the other. */
const targets = new WeakMap<Graph, ReadonlyMap<string, readonly Link[]>>();

/** An input that takes the type of what it is linked with: the file says which that was, else the class which these may be. */
function typeOf({ type, options }: InputSpec, slot: InputSlot | undefined): string {
  if (type !== matchType) return type;
  const template = options.get('template');
  return slot?.type ?? (isObject(template) ? textOf(template.get('allowed_types')) : undefined) ?? '*';
}

const matchType = 'COMFY_MATCHTYPE_V3';

/** The type of an output: as the class or definition says; where that leaves it open, or has no such output, as the file says. */
export function liveOutputType(
  { node, definition }: Pick<Place, 'node' | 'definition'>,
  slot: number,
  info: ObjectInfo | undefined,
): string {
  const known = (definition?.outputs ?? info?.get(node.type)?.outputs)?.[slot];
  const shown = known === undefined || known.type === matchType ? node.outputs[slot] : known;
  return shown?.type ?? '*';
}

/** The slot of a widget that the node does not have is dropped at load: the class lost it, or another option of a dynamic combo is chosen. */
function isGone({ name, widget }: InputSlot, node: GraphNode, info: ObjectInfo | undefined): boolean {
  if (widget === undefined) return false;
  return !name.includes('.') || widgetsIn(node, info).every((each) => each.name !== name);
}

function instanceInputs({ node, definition }: Pick<Place, 'node' | 'definition'>): InputSlot[] {
  const slots = new Map(node.inputs.toReversed().flatMap(bothKeys));
  return (definition?.inputs ?? []).map(({ name, type, label }) => {
    const slot = slots.get(JSON.stringify([name, type])) ?? slots.get(name);
    return { name, type, label, link: slot?.link, widget: slot?.widget };
  });
}

/** An instance's slots are found by name and type, else by name; of two the first. */
const bothKeys = (slot: InputSlot): [string, InputSlot][] => [
  [slot.name, slot],
  [JSON.stringify([slot.name, slot.type]), slot],
];

/** Whether a link may join two types: equal, one of them anything, or a member in common of two lists. */
export function connectable(a: string, b: string): boolean {
  const anything = (type: string) => type === '' || type === '*' || type === '0';
  if (anything(a) || anything(b)) return true;
  const others = b.toLowerCase().split(',');
  return a
    .toLowerCase()
    .split(',')
    .some((member) => others.includes(member));
}
