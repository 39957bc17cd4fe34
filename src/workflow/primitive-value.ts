import type { InputSlot } from './graph.js';
import type { InputSpec } from './interfaces.js';
import { isArray, isObject, type Json, toDouble } from './json.js';
import { liveInputs } from './live-inputs.js';
import type { Loaded } from './loaded.js';
import { widgetsIn } from './node-values.js';
import { type Place, placeIn } from './places.js';
import { promotedSpec, promotedValue } from './promoted-values.js';
import { settled, typedInto } from './settled-value.js';
import { textOf } from './slot-shapes.js';

/** An input that a PrimitiveNode is linked with, and the widget behind it. */
interface Fed {
  readonly spec: InputSpec | undefined;
  readonly value: Json | undefined;
}

/**
 * What a PrimitiveNode writes into the widgets that it is linked with. The value in the file counts only where the saved type of its output is the type
 * of its first target; otherwise (old files name a combo by its list of choices) it takes over what the target holds. Numbers are kept within what all targets allow.
 */
export function primitiveValue(loaded: Loaded, primitive: Place): Json | undefined {
  if (!known.has(primitive)) known.set(primitive, workedOut(loaded, primitive));
  return known.get(primitive);
}

/** Every target of a primitive asks, and each asks for all of them. */
const known = new WeakMap<Place, Json | undefined>();

function workedOut(loaded: Loaded, primitive: Place): Json | undefined {
  const fed = targets(loaded, primitive);
  const [first] = fed;
  const type = first?.spec?.type;
  const kept = type === undefined || savedType(primitive) === type ? primitive.node.values?.[0] : undefined;
  const value = kept ?? (kept === null ? null : first?.value);
  if (value === undefined || first?.spec === undefined) return value;
  const specs = fed.flatMap(({ spec }) => spec ?? []);
  return settled(first.spec, '', withinAll(value, first.spec, specs));
}

function savedType({ node }: Place): string | undefined {
  const outputs = node.source.get('outputs');
  const first = isArray(outputs) ? outputs[0] : undefined;
  return isObject(first) ? textOf(first.get('type')) : undefined;
}

function targets(loaded: Loaded, primitive: Place): Fed[] {
  const links = [...primitive.graph.links.values()].filter(
    ({ origin, originSlot }) => origin === primitive.node.id && originSlot === 0,
  );
  return links.flatMap(({ id, target }) => {
    const place = placeIn(loaded.places, primitive.host, target);
    const slot = place === undefined ? undefined : liveInputs(place, loaded.info).find(({ link }) => link === id);
    return place === undefined || slot === undefined ? [] : [fedBy(loaded, place, slot)];
  });
}

function fedBy(loaded: Loaded, place: Place, slot: InputSlot): Fed {
  if (place.definition !== undefined) {
    const at = place.definition.inputs.findIndex(({ name }) => name === slot.name);
    return { spec: promotedSpec(loaded, place, at), value: promotedValue(loaded, place, at) };
  }
  const widget = widgetsIn(place.node, loaded.info, loaded.names).find(({ name }) => name === slot.widget);
  const value = widget?.value === undefined ? undefined : settled(widget.spec, place.node.type, widget.value);
  return { spec: widget?.spec, value };
}

/** As if the number were typed into each target in turn, the limits of those before it kept; a target of other options is left out. */
function withinAll(value: Json, first: InputSpec, specs: readonly InputSpec[]): Json {
  if (first.type !== 'INT' && first.type !== 'FLOAT') return value;
  let [merged, now] = [first, value];
  for (const spec of specs) {
    const both = mergedNumbers(merged, spec);
    if (both === undefined || (now === null && value !== null)) continue;
    merged = both;
    now = typedInto(merged, clamped(merged, now));
  }
  return now;
}

function clamped({ options }: InputSpec, value: Json): Json {
  const [number, min, max] = [toDouble(value), toDouble(options.get('min')), toDouble(options.get('max'))];
  if (number === undefined) return value;
  if (min !== undefined && number < min) return min;
  return max !== undefined && number > max ? max : value;
}

/** Options that do not hinder two numbers from sharing a primitive. */
const apart: ReadonlySet<string> = new Set(
  'default forceInput defaultInput control_after_generate multiline tooltip dynamicPrompts min max step'.split(' '),
);

function mergedNumbers(a: InputSpec, b: InputSpec): InputSpec | undefined {
  if (a.type !== b.type) return undefined;
  const names = [...a.options.keys(), ...b.options.keys()].filter((name) => !apart.has(name));
  const sameOption = (name: string) =>
    (toDouble(a.options.get(name)) ?? a.options.get(name) ?? null) ===
    (toDouble(b.options.get(name)) ?? b.options.get(name) ?? null);
  if (!names.every(sameOption)) return undefined;
  const limit = (spec: InputSpec, name: string, otherwise: number) => toDouble(spec.options.get(name)) ?? otherwise;
  const min = Math.max(limit(a, 'min', -Infinity), limit(b, 'min', -Infinity));
  const max = Math.min(limit(a, 'max', Infinity), limit(b, 'max', Infinity));
  if (min > max) return undefined;
  const step = leastCommonMultiple(limit(a, 'step', 1), limit(b, 'step', 1));
  const limits: [string, number][] = [['step', step]];
  if (min > -Infinity) limits.push(['min', min]);
  if (max < Infinity) limits.push(['max', max]);
  return { ...a, options: new Map([...a.options, ...b.options, ...limits]) };
}

function leastCommonMultiple(a: number, b: number): number {
  if (a === b || a === 0 || b === 0) return a;
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y > Number.EPSILON) [x, y] = [y, x % y];
  return Math.abs(a * b) / x;
}
