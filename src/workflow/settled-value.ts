import { sameNumberText } from './exact-number.js';
import type { InputSpec } from './interfaces.js';
import { isArray, isNumber, isObject, type Json, toDouble } from './json.js';

/**
 * What a widget makes of a value that a file holds. Most take anything, as people and packs write it; a text of several lines holds
 * text only, and a combo has no empty choice.
 */
export function settled(spec: InputSpec | undefined, classType: string, value: Json): Json {
  if (spec !== undefined && isTextArea(spec)) return textIn(value);
  if (spec?.type !== 'COMBO') return value;
  if (value === null) return spec.choices?.[0] ?? null;
  return samplers.has(classType) && spec.name === 'sampler_name' ? renamedSampler(value) : value;
}

const isTextArea = (spec: InputSpec) =>
  spec.type === 'MARKDOWN' || (spec.type === 'STRING' && spec.options.get('multiline') === true);

/** What a text area shows for a value that is no text. */
function textIn(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (isArray(value)) return value.map((item) => (item === null ? '' : textIn(item))).join(',');
  if (isObject(value)) return '[object Object]';
  return isNumber(value) ? sameNumberText(value) : String(value);
}

const samplers: ReadonlySet<string> = new Set(['KSampler', 'KSamplerAdvanced']);

/** Files of 2023 name samplers `sample_euler`. */
const renamedSampler = (value: Json): Json =>
  typeof value === 'string' && value.startsWith('sample_') ? value.slice('sample_'.length) : value;

/**
 * What a widget makes of a value that a PrimitiveNode writes into it: numbers snap to the input's step, as if they were typed.
 * A number that fits keeps its digits; what is no number is one that JSON writes as null.
 */
export function typedInto(spec: InputSpec | undefined, value: Json): Json {
  if (spec?.type !== 'INT' && spec?.type !== 'FLOAT') return value;
  const number = asNumber(value);
  const fitting = spec.type === 'INT' ? wholeSteps(number, spec) : rounded(number, spec);
  if (fitting === undefined || (isNumber(value) && fitting === number)) return value;
  return Number.isNaN(fitting) ? null : fitting;
}

/** A value as JavaScript calculates with it. */
function asNumber(value: Json): number {
  if (isArray(value)) return value.length > 1 ? Number.NaN : asNumber(value[0] ?? null);
  if (isObject(value)) return Number.NaN;
  return toDouble(value) ?? Number(value);
}

const option = ({ options }: InputSpec, name: string) => toDouble(options.get(name));

function wholeSteps(value: number, spec: InputSpec): number {
  const step = option(spec, 'step') || 1;
  if (step === 1) return Math.round(value);
  const offset = (option(spec, 'min') ?? 0) % step;
  return Math.round((value - offset) / step) * step + offset;
}

/** Without a wish of the class, to as many digits as its step has; `undefined` where nothing is rounded. */
function rounded(value: number, spec: InputSpec): number | undefined {
  const digits = Math.max(0, -Math.floor(Math.log10(option(spec, 'step') ?? 0.5)));
  const unit = option(spec, 'round') || (digits > 0 ? 10 ** -digits : 0);
  if (!unit) return undefined;
  const near = Number((Math.round(value / unit) * unit).toFixed(digits));
  return Math.min(Math.max(near, option(spec, 'min') ?? 0), option(spec, 'max') ?? 2048);
}
