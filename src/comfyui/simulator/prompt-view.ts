import { isArray, isObject, type Json, type JsonObject } from '../../workflow/json.js';

/** Where a link comes from. */
export interface Link {
  readonly node: string;
  readonly slot: number;
}

/** A value that the server takes for a link: two items, a text and a number. */
export function linkOf(value: Json | undefined): Link | undefined {
  if (!isArray(value) || value.length !== 2) return undefined;
  const [node, slot] = value;
  return typeof node === 'string' && typeof slot === 'number' ? { node, slot } : undefined;
}

export function nodeAt(prompt: JsonObject, id: string): JsonObject | undefined {
  const node = prompt.get(id);
  return isObject(node) ? node : undefined;
}

export function inputsAt(prompt: JsonObject, id: string): JsonObject {
  const inputs = nodeAt(prompt, id)?.get('inputs');
  return isObject(inputs) ? inputs : new Map();
}

export function classAt(prompt: JsonObject, id: string): string {
  const type = nodeAt(prompt, id)?.get('class_type');
  return typeof type === 'string' ? type : '';
}

/** A copy of the prompt, each node's inputs mapped. */
export const mapInputsOf = (prompt: JsonObject, change: (inputs: JsonObject) => JsonObject): JsonObject =>
  new Map(
    [...prompt].map(([id, node]) => [
      id,
      isObject(node) ? new Map([...node, ['inputs', change(inputsAt(prompt, id))]]) : node,
    ]),
  );
