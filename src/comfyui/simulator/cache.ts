import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../../workflow/json.js';
import { keyOf } from './paint.js';
import { inputsAt, linkOf, nodeAt } from './prompt-view.js';
import { dumps } from './python.js';
import type { Value } from './values.js';

/** What a node gave: a list of values for every output, and what it reported. */
export interface Result {
  readonly outputs: readonly (readonly Value[])[];
  readonly ui?: JsonObject;
}

/** Results of the last prompt, by signature: the classic cache of ComfyUI. */
export type Cache = Map<string, Result>;

/**
 * What decides a node's result as the server sees it: class, `is_changed`, constants by sorted name (unknown ones included), and the same
 * for everything before it. Ids, titles and the contents of model files are no part of it.
 */
export function signatures(prompt: JsonObject): Map<string, string> {
  const found = new Map<string, string>();
  for (const id of prompt.keys()) signature(prompt, id, found);
  return found;
}

function signature(prompt: JsonObject, id: string, found: Map<string, string>): string {
  const known = found.get(id);
  if (known !== undefined) return known;
  const node = nodeAt(prompt, id);
  const inputs = [...inputsAt(prompt, id)].sort(([a], [b]) => (a < b ? -1 : 1));
  const parts: Json[] = inputs.map(([name, value]) => {
    const link = linkOf(value);
    return [name, link === undefined ? value : ['link', signature(prompt, link.node, found), link.slot]];
  });
  const changed = node?.get('is_changed') ?? null;
  // NaN equals nothing, not even itself: such a node always runs again.
  const never = dumps(changed).includes('NaN') ? randomUUID() : '';
  const key = keyOf(dumps([node?.get('class_type') ?? null, changed, never, parts]));
  found.set(id, key);
  return key;
}

/** Drops what the prompt that comes now has no use for. */
export function keepOnly(cache: Cache, wanted: Iterable<string>): void {
  const kept = new Set(wanted);
  for (const key of cache.keys()) if (!kept.has(key)) cache.delete(key);
}
