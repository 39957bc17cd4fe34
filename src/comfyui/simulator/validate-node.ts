import { isArray, isObject, type Json, type JsonObject, toDouble } from '../../workflow/json.js';
import { coerce } from './coerce.js';
import { listAt, type SpecView, specsOf } from './interfaces.js';
import type { Classes } from './node-class.js';
import { classAt, inputsAt } from './prompt-view.js';
import { dumps, PythonError, repr, str } from './python.js';

export interface Reason {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly info: JsonObject;
}

export interface Checked {
  readonly valid: boolean;
  readonly reasons: readonly Reason[];
}

export interface Check {
  readonly prompt: JsonObject;
  readonly classes: Classes;
  readonly base: string;
  readonly validated: Map<string, Checked>;
  /** Nodes that are being checked, to notice a cycle. */
  readonly path: readonly string[];
}

/** The links go round in a circle; ComfyUI 0.8.0 runs out of stack there and reports nothing. */
export class Cycle extends Error {}

/**
 * Checks one node and all that it needs; what is known is not checked again.
 * @throws PythonError for a link to a node or slot that is not there; Cycle
 */
export async function checkNode(check: Check, id: string): Promise<Checked> {
  const known = check.validated.get(id);
  if (known !== undefined) return known;
  if (check.path.includes(id)) throw new Cycle();
  const type = check.classes.get(classAt(check.prompt, id));
  if (type === undefined) throw new PythonError('KeyError', repr(id));
  const inputs = inputsAt(check.prompt, id);
  const reasons: Reason[] = [];
  let valid = true;
  for (const spec of specsOf(type.info)) {
    const value = inputs.get(spec.name);
    if (value === undefined) {
      if (spec.required)
        reasons.push(reason('required_input_missing', 'Required input is missing', spec, [], spec.name));
    } else if (isArray(value)) {
      const linked = await checkLink(check, id, spec, value);
      if (linked === false) valid = false;
      else if (linked !== true) reasons.push(linked);
    } else {
      const wrong = checkConstant(inputs, spec, value, type.validates?.includes(spec.name) === true);
      if (wrong !== undefined) reasons.push(wrong);
    }
  }
  const said = await type.validate?.(inputs, check.base);
  const [named = ''] = type.validates ?? [];
  if (said !== undefined) reasons.push(customReason(named, said));
  const checked = { valid: valid && reasons.length === 0, reasons };
  check.validated.set(id, checked);
  return checked;
}

/** `true`: fine; `false`: something before it is wrong, and reported there. */
async function checkLink(check: Check, id: string, spec: SpecView, value: Json[]): Promise<boolean | Reason> {
  if (value.length !== 2) {
    const message = 'Bad linked input, must be a length-2 list of [node_id, slot_index]';
    return reason('bad_linked_input', message, spec, [config(spec), ['received_value', value]], spec.name);
  }
  const [source = null, slot] = value;
  if (typeof source !== 'string' || !check.prompt.has(source)) throw new PythonError('KeyError', repr(source));
  const sourceClass = check.classes.get(classAt(check.prompt, source));
  const received = listAt(sourceClass?.info ?? new Map(), 'output')[toDouble(slot) ?? -1];
  if (received === undefined) throw new PythonError('IndexError', 'tuple index out of range');
  if (!typesMeet(received, spec.type)) {
    const details = `${spec.name}, received_type(${str(received)}) mismatch input_type(${str(spec.type)})`;
    const more: [string, Json][] = [config(spec), ['received_type', received], ['linked_node', value]];
    return reason('return_type_mismatch', 'Return type mismatch between linked nodes', spec, more, details);
  }
  return checkInner({ ...check, path: [...check.path, id] }, source, spec, value);
}

async function checkInner(check: Check, source: string, spec: SpecView, value: Json[]): Promise<boolean> {
  try {
    return (await checkNode(check, source)).valid;
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    const more: [string, Json][] = [
      config(spec),
      ['exception_message', error.message],
      ['exception_type', error.type],
      ['traceback', []],
      ['linked_node', value],
    ];
    const message = 'Exception when validating inner node';
    const inner = reason('exception_during_inner_validation', message, spec, more, error.message);
    check.validated.set(source, { valid: false, reasons: [inner] });
    return false;
  }
}

/** Types meet when they share one of the names between commas; `*` meets everything. */
function typesMeet(received: Json, wanted: Json): boolean {
  if (dumps(received) === dumps(wanted) || received === '*' || wanted === '*') return true;
  if (isArray(received) && wanted === 'COMBO') return true;
  if (typeof received !== 'string' || typeof wanted !== 'string') return false;
  const names = wanted.split(',').map((name) => name.trim());
  return received.split(',').some((name) => name.trim() === '*' || names.includes(name.trim()) || names.includes('*'));
}

/** Converts a constant in place and holds it against the limits of its input. */
function checkConstant(inputs: JsonObject, spec: SpecView, value: Json, ownCheck: boolean): Reason | undefined {
  const wrapped = isObject(value) ? value.get('__value__') : undefined;
  const given = wrapped ?? value;
  let converted: Json;
  try {
    converted = coerce(given, spec.type);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    const more: [string, Json][] = [config(spec), ['received_value', given], ['exception_message', error.message]];
    const message = `Failed to convert an input value to a ${str(spec.type)} value`;
    return reason('invalid_input_type', message, spec, more, `${spec.name}, ${str(given)}, ${error.message}`);
  }
  inputs.set(spec.name, converted);
  return ownCheck ? undefined : (checkLimits(spec, converted) ?? checkChoice(spec, converted));
}

function checkLimits(spec: SpecView, value: Json): Reason | undefined {
  const more: [string, Json][] = [config(spec), ['received_value', value]];
  const least = spec.options.get('min');
  const most = spec.options.get('max');
  if (least !== undefined && isLess(value, least)) {
    const message = `Value ${str(value)} smaller than min of ${str(least)}`;
    return reason('value_smaller_than_min', message, spec, more, spec.name);
  }
  if (most !== undefined && isLess(most, value)) {
    const message = `Value ${str(value)} bigger than max of ${str(most)}`;
    return reason('value_bigger_than_max', message, spec, more, spec.name);
  }
  return undefined;
}

/** Exact for integers of any size; NaN is less than nothing. */
function isLess(a: Json, b: Json): boolean {
  const [left, right] = [dumps(a), dumps(b)];
  if (/^-?\d+$/.test(left) && /^-?\d+$/.test(right)) return BigInt(left) < BigInt(right);
  return (toDouble(a) ?? Number.NaN) < (toDouble(b) ?? Number.NaN);
}

function checkChoice(spec: SpecView, value: Json): Reason | undefined {
  const choices = isArray(spec.type) ? spec.type : spec.type === 'COMBO' ? spec.options.get('options') : undefined;
  if (!isArray(choices) || choices.some((choice) => dumps(choice) === dumps(value))) return undefined;
  const long = choices.length > 20;
  const list = long ? `(list of length ${choices.length})` : repr(choices);
  const more: [string, Json][] = [long ? ['input_config', null] : config(spec), ['received_value', value]];
  const details = `${spec.name}: '${str(value)}' not in ${list}`;
  return reason('value_not_in_list', 'Value not in list', spec, more, details);
}

const config = (spec: SpecView): [string, Json] => ['input_config', [spec.type, spec.options]];

function reason(type: string, message: string, spec: SpecView, more: [string, Json][], details: string): Reason {
  return { type, message, details, info: new Map<string, Json>([['input_name', spec.name], ...more]) };
}

const customReason = (input: string, said: string): Reason => ({
  type: 'custom_validation_failed',
  message: 'Custom validation failed for node',
  details: `${input} - ${said}`,
  info: new Map<string, Json>([['input_name', input]]),
});
