import { isObject, type JsonObject } from '../workflow/json.js';

/**
 * The prompt with every output node writing below `git-comfy/<id>/`, under the last part of the name it had: a reproduction never mixes with
 * the user's outputs. Prefixes that another node computes are left alone.
 */
export function withOwnPrefix(prompt: JsonObject, id: string): JsonObject {
  return mapInputs(prompt, (inputs) => {
    const prefix = inputs.get('filename_prefix');
    if (typeof prefix !== 'string') return inputs;
    const name = prefix.split(/[/\\]/).at(-1) ?? '';
    return new Map(inputs).set('filename_prefix', `git-comfy/${id}/${name === '' ? 'output' : name}`);
  });
}

/** A copy of the prompt, each node's inputs mapped. */
export function mapInputs(prompt: JsonObject, change: (inputs: JsonObject, node: string) => JsonObject): JsonObject {
  return new Map(
    [...prompt].map(([id, node]) => {
      const inputs = isObject(node) ? node.get('inputs') : undefined;
      if (!isObject(node) || !isObject(inputs)) return [id, node];
      return [id, new Map(node).set('inputs', change(inputs, id))];
    }),
  );
}
