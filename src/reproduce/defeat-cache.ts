import { isObject, type JsonObject } from '../workflow/json.js';
import { nonceInput, promptLink } from '../workflow/prompt.js';
import { mapInputs } from './own-prefix.js';

/**
 * The prompt with an input that no node has on each node without links. Execution ignores it, but it is part of the server's cache key, so
 * that node and everything after it run again. (ComfyUI `comfy_execution/caching.py`: the key is made of all constant inputs by name.)
 * @param nonce another text for every run
 */
export function withNonce(prompt: JsonObject, nonce: string): JsonObject {
  return mapInputs(prompt, (inputs) =>
    [...inputs.values()].some((value) => promptLink(value) !== undefined)
      ? inputs
      : new Map(inputs).set(nonceInput, nonce),
  );
}

/** The nodes that `outputs` are made from, themselves included. */
export function nodesThatMatter(prompt: JsonObject, outputs: Iterable<string>): Set<string> {
  const found = new Set<string>();
  const waiting = [...outputs];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const node = prompt.get(id);
    const inputs = isObject(node) ? node.get('inputs') : undefined;
    for (const value of isObject(inputs) ? inputs.values() : []) {
      const link = promptLink(value);
      if (link !== undefined) waiting.push(link.node);
    }
  }
  return found;
}
