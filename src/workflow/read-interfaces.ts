import { InputError } from '../errors.js';
import type { InputSpec, NodeInterface, ObjectInfo } from './interfaces.js';
import { isArray, isObject, type Json, type JsonObject } from './json.js';
import { textOf } from './slot-shapes.js';

/**
 * Reads `/object_info`, or the answer for one class: V1 and V3 nodes, old combos (the list is the type) and new ones.
 * Entries that are no node description are left out, as a server may describe classes in ways that nobody knows yet.
 * @throws InputError `not-object-info`
 */
export function readObjectInfo(json: Json): ObjectInfo {
  if (!isObject(json)) {
    throw new InputError('not-object-info', 'this is not the node list of a ComfyUI server', {
      hint: 'save what the server answers at /object_info',
    });
  }
  const info = new Map<string, NodeInterface>();
  for (const [classType, node] of json) {
    if (isObject(node) && isObject(node.get('input'))) info.set(classType, readInterface(classType, node));
  }
  return info;
}

function readInterface(classType: string, node: JsonObject): NodeInterface {
  const displayName = textOf(node.get('display_name'));
  const pythonModule = textOf(node.get('python_module'));
  return {
    classType,
    ...(displayName === undefined ? {} : { displayName }),
    ...(pythonModule === undefined ? {} : { pythonModule }),
    outputNode: node.get('output_node') === true,
    inputs: [...readSection(node, 'required'), ...readSection(node, 'optional')],
    outputs: readOutputs(node),
  };
}

/** In `input_order`, then what that does not name. `hidden` inputs are the server's own and never in a prompt. */
function readSection(node: JsonObject, section: 'required' | 'optional'): InputSpec[] {
  const order = node.get('input_order');
  const names = isObject(order) ? order.get(section) : undefined;
  return readInputSpecs(sectionOf(node.get('input'), section), section, isArray(names) ? names : []);
}

/** The inputs `{required, optional}` of one option of a dynamic combo, required first. */
export function readNestedInputs(inputs: Json | undefined): InputSpec[] {
  const sections = ['required', 'optional'] as const;
  return sections.flatMap((section) => readInputSpecs(sectionOf(inputs, section), section, []));
}

function sectionOf(inputs: Json | undefined, section: string): JsonObject {
  const specs = isObject(inputs) ? inputs.get(section) : undefined;
  return isObject(specs) ? specs : new Map();
}

function readInputSpecs(specs: JsonObject, section: InputSpec['section'], order: readonly Json[]): InputSpec[] {
  const names = new Set([...order.filter((name) => typeof name === 'string'), ...specs.keys()]);
  return [...names].filter((name) => specs.has(name)).map((name) => readSpec(name, section, specs.get(name)));
}

function readSpec(name: string, section: InputSpec['section'], spec: Json | undefined): InputSpec {
  const [type, second] = isArray(spec) ? spec : [spec];
  const options: ReadonlyMap<string, Json> = isObject(second) ? second : new Map();
  if (isArray(type)) return { name, type: 'COMBO', section, choices: type, options };
  const choices = options.get('options');
  const known = type === 'COMBO' && isArray(choices) ? { choices } : {};
  return { name, type: textOf(type) ?? '*', section, ...known, options };
}

function readOutputs(node: JsonObject): NodeInterface['outputs'] {
  const [types, names] = [node.get('output'), node.get('output_name')];
  return (isArray(types) ? types : []).map((type, at) => {
    const word = isArray(type) ? 'COMBO' : (textOf(type) ?? '*');
    return { name: (isArray(names) ? textOf(names[at]) : undefined) ?? word, type: word };
  });
}
