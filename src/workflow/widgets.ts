import { choiceIndex, choiceOption, companionsAfter, customCombo, lastCompanions } from './companion-widgets.js';
import type { InputSpec, NodeInterface } from './interfaces.js';
import { isArray, isObject, type Json, toDouble } from './json.js';
import { readNestedInputs } from './read-interfaces.js';
import type { Widget } from './widget.js';
import { kindDefault, kindOf } from './widget-kinds.js';

export interface FilledWidget extends Widget {
  readonly value: Json | undefined;
  /** The file had a value; otherwise it is the default. */
  readonly given: boolean;
}

/** Whether the frontend makes a widget for an input; all others are sockets, filled by links only. */
export const isWidget = (spec: InputSpec): boolean => kindOf(spec) !== undefined && !isForced(spec);

/** A value that may only come by a link. `defaultInput` says so too, but the frontend heeds it on optional inputs only. */
const isForced = ({ options, section }: InputSpec): boolean =>
  options.get('forceInput') === true || (section === 'optional' && options.get('defaultInput') === true);

/**
 * The widgets of a node with their values: `values` is `widgets_values`, assigned by position and unchecked as the frontend does;
 * missing ones get the default. A dynamic combo's value decides which widgets follow it.
 */
export function fillWidgets(i: NodeInterface, values: readonly Json[] = []): FilledWidget[] {
  const rest = [...withoutForced(i, values)];
  const filled: FilledWidget[] = [];
  const fill = (widget: Widget): Json | undefined => {
    const given = widget.saved && rest.length > 0;
    const saved = given ? rest.shift() : widget.default;
    const value = widget.constant ? widget.default : saved;
    filled.push({ ...widget, value, given });
    return value;
  };
  const fillInput = (spec: InputSpec): void => {
    if (!isWidget(spec)) return;
    const value = fill(widgetOf(spec));
    for (const companion of companionsAfter(spec)) fill(companion);
    for (const member of membersOf(spec, value)) fillInput(member);
    if (i.classType === customCombo) fillOptions(fill);
  };
  for (const spec of i.inputs) fillInput(spec);
  for (const companion of lastCompanions(i)) fill(companion);
  return filled;
}

/** Each option that is filled in is followed by a further one. */
function fillOptions(fill: (widget: Widget) => Json | undefined): void {
  fill(choiceIndex);
  for (let nth = 1; isFilledIn(fill(choiceOption(nth))); nth++);
}

const isFilledIn = (value: Json | undefined) =>
  value !== undefined && value !== null && value !== '' && value !== false;

/**
 * Names of a class' widgets in the order of `widgets_values`, companions included; a dynamic combo shows the members of
 * its first option.
 */
export const widgetNames = (i: NodeInterface): string[] =>
  fillWidgets(i)
    .filter(({ saved }) => saved)
    .map(({ name }) => name);

function widgetOf(spec: InputSpec): Widget {
  const { unsaved, unsent, constant } = kindOf(spec) ?? {};
  return {
    name: spec.name,
    saved: unsaved !== true,
    sent: unsent !== true,
    default: defaultOf(spec),
    ...(constant ? { constant } : {}),
    spec,
  };
}

/** What the frontend gives a new widget. */
function defaultOf(spec: InputSpec): Json | undefined {
  if (spec.type === 'COMFY_DYNAMICCOMBO_V3') return dynamicOptions(spec)[0]?.key;
  if (spec.type === dynamicGroup) return spec.options.get('min');
  if (spec.type !== 'COMBO') return kindDefault(spec);
  const wanted = spec.options.get('default');
  return wanted !== undefined && wanted !== null && wanted !== '' ? wanted : spec.choices?.[0];
}

/**
 * The inputs that a value brings with it: those of the option that is chosen in a dynamic combo, `<input>.<member>`, or a row of them for each that a dynamic
 * group counts, `<input>.<row>.<member>`.
 */
export function membersOf(spec: InputSpec, value: Json | undefined): InputSpec[] {
  if (spec.type === dynamicGroup) return rowsOf(spec, toDouble(value));
  const chosen = dynamicOptions(spec).find(({ key }) => key === value);
  return (chosen?.inputs ?? []).map((member) => ({ ...member, name: `${spec.name}.${member.name}` }));
}

const dynamicGroup = 'COMFY_DYNAMICGROUP_V3';

function rowsOf({ name, options }: InputSpec, wanted = 0): InputSpec[] {
  const [min, max] = [toDouble(options.get('min')) ?? 0, toDouble(options.get('max')) ?? mostRows];
  const count = Math.min(Math.max(Math.trunc(wanted), min), max, mostRows);
  const members = readNestedInputs(options.get('template'));
  return Array.from({ length: Math.max(0, count) }, (_, row) =>
    members.map((member) => ({ ...member, name: `${name}.${row}.${member.name}` })),
  ).flat();
}

/** A file may say any number. */
const mostRows = 1000;

function dynamicOptions(spec: InputSpec): { readonly key: Json; readonly inputs: InputSpec[] }[] {
  const options = spec.type === 'COMFY_DYNAMICCOMBO_V3' ? spec.options.get('options') : undefined;
  return (isArray(options) ? options : [])
    .filter(isObject)
    .map((option) => ({ key: option.get('key') ?? null, inputs: readNestedInputs(option.get('inputs')) }));
}

/**
 * Files of frontends before 1.16 hold one dummy value for each input that may only be linked. As the frontend does, these
 * are dropped when the count of values fits exactly.
 */
function withoutForced(i: NodeInterface, values: readonly Json[]): readonly Json[] {
  if (!i.inputs.some(isForced)) return values;
  const forced = countedAs(i);
  return forced.length === values.length ? values.filter((_, at) => forced[at] !== true) : values;
}

/** What such a file has a value for, in order: whether it is a dummy. Of controls only those that the class asks for are counted. */
const countedAs = (i: NodeInterface): boolean[] =>
  i.inputs
    .filter((spec) => isForced(spec) || isWidget(spec))
    .flatMap((spec) => [isForced(spec), ...(spec.options.has('control_after_generate') ? [false] : [])]);

export const countedInputs = (i: NodeInterface): number => countedAs(i).length;
