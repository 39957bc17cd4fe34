import type { Target } from './assignment.js';
import { isControlName } from './companion-widgets.js';
import type { Workflow } from './graph.js';
import type { InputSpec, ObjectInfo } from './interfaces.js';
import { isExact, isNumber, type Json } from './json.js';
import { widgetsIn } from './node-values.js';
import { type Place, unfold } from './places.js';
import { runs } from './resolved-nodes.js';
import { primitiveType } from './virtual-types.js';
import type { FilledWidget } from './widgets.js';

export type ControlMode = 'fixed' | 'increment' | 'decrement' | 'randomize';

/** An integer input that changes from one queueing to the next. */
export interface SeedControl {
  /** Several where a PrimitiveNode feeds several nodes: they share its value. */
  readonly targets: readonly [Target, ...Target[]];
  readonly mode: ControlMode;
  readonly least: bigint;
  readonly most: bigint;
  readonly step: bigint;
}

/** The frontend draws within these, however large the input's own limits are. */
const drawn = 2n ** 50n;

/** The controls of a workflow (`control_after_generate` behind a number, or on a PrimitiveNode), for every node that would run. */
export function seedControls(workflow: Workflow, info: ObjectInfo): SeedControl[] {
  const places = [...unfold(workflow).values()];
  return places.flatMap((place) =>
    place.node.type === primitiveType ? ofPrimitive(place, places, info) : runs(place) ? ofNode(place, info) : [],
  );
}

function ofNode(place: Place, info: ObjectInfo): SeedControl[] {
  return pairs(widgetsIn(place.node, info)).flatMap(([widget, mode]) =>
    widget.spec?.type === 'INT' ? [control([{ node: place.id, input: widget.name }], mode, widget.spec)] : [],
  );
}

/** What a PrimitiveNode holds goes to the inputs that its links lead to. */
function ofPrimitive(place: Place, places: readonly Place[], info: ObjectInfo): SeedControl[] {
  const [first] = pairs(widgetsIn(place.node, info));
  if (first === undefined || !isNumber(first[0].value)) return [];
  const fed = [...place.graph.links.values()].flatMap((link) => {
    const node = link.origin === place.node.id ? siblingOf(place, places, link.target) : undefined;
    const name = node?.node.inputs.find((input) => input.link === link.id)?.name;
    const spec = info.get(node?.node.type ?? '')?.inputs.find((input) => input.name === name);
    return node === undefined || spec?.type !== 'INT' ? [] : [{ target: { node: node.id, input: spec.name }, spec }];
  });
  const [one, ...others] = fed;
  if (one === undefined) return [];
  return [control([one.target, ...others.map(({ target }) => target)], first[1], one.spec)];
}

const siblingOf = (place: Place, places: readonly Place[], id: string) =>
  places.find((other) => other.graph === place.graph && other.host === place.host && other.node.id === id);

/** Each widget with the control right behind it. */
function pairs(widgets: readonly FilledWidget[]): [FilledWidget, ControlMode][] {
  return widgets.flatMap((widget, at): [FilledWidget, ControlMode][] => {
    const behind = widgets[at + 1];
    const mode = behind !== undefined && isControlName(behind.name) ? modeOf(behind.value) : undefined;
    return mode === undefined ? [] : [[widget, mode]];
  });
}

function modeOf(value: Json | undefined): ControlMode | undefined {
  const modes: readonly ControlMode[] = ['fixed', 'increment', 'decrement', 'randomize'];
  return modes.find((mode) => mode === value);
}

function control(targets: SeedControl['targets'], mode: ControlMode, { options }: InputSpec): SeedControl {
  const least = integer(options.get('min')) ?? 0n;
  const most = integer(options.get('max')) ?? drawn;
  const step = integer(options.get('step')) ?? 1n;
  return { targets, mode, least, most, step: step > 0n ? step : 1n };
}

function integer(value: Json | undefined): bigint | undefined {
  const text = isExact(value) ? value.lexeme : typeof value === 'number' ? String(value) : '';
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

/**
 * The value for the next queueing, as the frontend makes it.
 * @param draw gives a whole number from 0 to below its argument
 */
export function nextSeed(control: SeedControl, current: bigint, draw: (below: bigint) => bigint): bigint {
  const { mode, least, most, step } = control;
  if (mode === 'fixed') return current;
  if (mode === 'randomize') {
    const low = least < -drawn ? -drawn : least;
    const high = most > drawn ? drawn : most;
    const count = high > low ? (high - low) / step : 1n;
    return low + draw(count) * step;
  }
  const next = mode === 'increment' ? current + step : current - step;
  if (next > most) return most;
  if (next < least) return least;
  return next;
}
