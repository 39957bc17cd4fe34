import type { InputSlot } from './graph.js';
import type { InputSpec, ObjectInfo } from './interfaces.js';
import { isObject } from './json.js';
import type { Place } from './places.js';
import { textOf } from './slot-shapes.js';
import { isWidget } from './widgets.js';

/**
 * The input slots as the frontend has them once the file is loaded: for a known class sockets in the class' order, then the widgets'
 * slots, matched to the file by name; what the class does not know comes last. An instance has its definition's inputs.
 * Without knowledge of the class, the file's slots.
 */
export function liveInputs(
  place: Pick<Place, 'node' | 'definition'>,
  info: ObjectInfo | undefined,
): readonly InputSlot[] {
  const saved = place.node.inputs;
  if (place.definition !== undefined) return instanceInputs(place);
  const known = info?.get(place.node.type);
  if (known === undefined) return saved;
  const specs = [...known.inputs.filter((spec) => !isWidget(spec)), ...known.inputs.filter(isWidget)];
  const live = specs.map((spec) => {
    const slot = saved.find(({ name }) => name === spec.name);
    const widget = isWidget(spec) ? spec.name : undefined;
    return { name: spec.name, type: typeOf(spec, slot), label: slot?.label, link: slot?.link, widget };
  });
  const names = new Set(specs.map(({ name }) => name));
  return [...live, ...saved.filter(({ name, widget }) => !names.has(name) && !isGone(name, widget))];
}

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

/** The slot of a widget that the class no longer has is dropped at load; members of dynamic inputs (`a.b`) are no inputs of the class itself. */
const isGone = (name: string, widget: string | undefined) => widget !== undefined && !name.includes('.');

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
