import { createHash } from 'node:crypto';
import { sameNumberText } from './exact-number.js';
import type { InputSpec, NodeInterface } from './interfaces.js';
import { canonicalJson, isArray, isNumber, isObject, type Json } from './json.js';
import { readNestedInputs } from './read-interfaces.js';

/**
 * What a saved workflow relies on in a node class: first 16 hex digits of SHA-256 over canonical JSON of inputs (name, section,
 * type, order, default; members of dynamic inputs too) and output types. Choices of combos are left out, since a folder's
 * file list is one; so are tooltips, limits and the spelling of numbers.
 */
export function interfaceDigest(i: NodeInterface): string {
  const shape: Json = [i.inputs.map(inputShape), i.outputs.map(({ type }) => type)];
  return createHash('sha256').update(canonicalJson(shape)).digest('hex').slice(0, 16);
}

function inputShape(spec: InputSpec): Json {
  const shape: Json[] = [spec.name, spec.section, spec.type, sameSpelling(spec.options.get('default') ?? null)];
  const members = memberShapes(spec);
  return members.length === 0 ? shape : [...shape, members];
}

/** Options of a dynamic combo with their inputs, those of a dynamic slot, or the template of an input that grows or takes some types. */
function memberShapes(spec: InputSpec): Json[] {
  if (!spec.type.startsWith('COMFY_')) return [];
  return [...optionShapes(spec), ...slotShapes(spec), ...allowedTypes(spec)];
}

function slotShapes({ options }: InputSpec): Json[] {
  const inputs = readNestedInputs(options.get('inputs')).map(inputShape);
  return inputs.length === 0 ? [] : [['slot', options.get('slotType') ?? null, inputs]];
}

function allowedTypes({ options }: InputSpec): Json[] {
  const template = options.get('template');
  const allowed = isObject(template) ? template.get('allowed_types') : undefined;
  return allowed === undefined ? [] : [['allowed', allowed]];
}

function optionShapes(spec: InputSpec): Json[] {
  const options = spec.options.get('options');
  const keyed = (isArray(options) ? options : []).filter(isObject);
  const shapes: Json[] = keyed.map((option) => [
    option.get('key') ?? null,
    readNestedInputs(option.get('inputs')).map(inputShape),
  ]);
  const template = spec.options.get('template');
  if (!isObject(template)) return shapes;
  return [
    ...shapes,
    readNestedInputs(template.get('input')).map(inputShape),
    template.get('prefix') ?? template.get('names') ?? null,
  ];
}

function sameSpelling(value: Json): Json {
  if (isNumber(value)) return sameNumberText(value);
  return isArray(value) ? value.map(sameSpelling) : value;
}
