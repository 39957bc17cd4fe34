import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../errors.js';
import { ownFile } from '../../files/own-files.js';
import { isArray, isObject, type Json, type JsonObject, parseJson } from '../../workflow/json.js';
import { filesIn, modelFiles } from './disk.js';
import type { SimulatedClass } from './node-class.js';
import { coreClasses } from './nodes/all.js';

/** The core classes with the interfaces of ComfyUI 0.8.0, without its texts for people. */
export async function readCoreClasses(): Promise<SimulatedClass[]> {
  const text = await readFile(await ownFile('templates/simulator/object-info.json'), 'utf8');
  const interfaces = parseJson(text);
  if (!isObject(interfaces)) throw new InputError('damaged', 'templates/simulator/object-info.json is no object');
  return Object.entries(coreClasses).map(([name, behaviour]) => {
    const info = interfaces.get(name);
    return { name, info: isObject(info) ? info : new Map(), ...behaviour };
  });
}

/** An interface as the server shows it now: lists such as `models:loras` and `files:input` filled from the disk. */
export async function currentInfo(info: JsonObject, base: string): Promise<JsonObject> {
  const input = info.get('input');
  if (!isObject(input)) return info;
  const sections: JsonObject = new Map();
  for (const [section, inputs] of input) {
    const filled: JsonObject = new Map();
    for (const [name, spec] of isObject(inputs) ? inputs : []) filled.set(name, await fillSpec(spec, base));
    sections.set(section, filled);
  }
  return new Map([...info, ['input', sections]]);
}

/** Both spellings of a combo: the list in the place of the type, and `COMBO` with `options`. */
async function fillSpec(spec: Json, base: string): Promise<Json> {
  if (!isArray(spec)) return spec;
  const [type = null, options] = spec;
  if (isArray(type)) return [await fillList(type, base), ...spec.slice(1)];
  const choices = isObject(options) ? options.get('options') : undefined;
  if (!isObject(options) || !isArray(choices)) return spec;
  return [type, new Map([...options, ['options', await fillList(choices, base)]])];
}

async function fillList(list: Json[], base: string): Promise<Json[]> {
  const filled: Json[] = [];
  for (const item of list) {
    if (typeof item === 'string' && item.startsWith('models:')) {
      filled.push(...(await modelFiles(base, item.slice('models:'.length))).map(({ name }) => name));
    } else if (item === 'files:input') filled.push(...(await filesIn(join(base, 'input'))));
    else filled.push(item);
  }
  return filled;
}

/** One input of a class: its type (a list for an old combo) and its options. */
export interface SpecView {
  readonly name: string;
  readonly required: boolean;
  readonly type: Json;
  readonly options: JsonObject;
}

export function specsOf(info: JsonObject): SpecView[] {
  const input = info.get('input');
  return ['required', 'optional'].flatMap((section) => {
    const inputs = isObject(input) ? input.get(section) : undefined;
    return [...(isObject(inputs) ? inputs : [])].map(([name, spec]) => {
      const [type = null, options] = isArray(spec) ? spec : [];
      return { name, required: section === 'required', type, options: isObject(options) ? options : new Map() };
    });
  });
}

export const isOutputNode = (info: JsonObject) => info.get('output_node') === true;

export function listAt(info: JsonObject, key: string): Json[] {
  const list = info.get(key);
  return isArray(list) ? list : [];
}
