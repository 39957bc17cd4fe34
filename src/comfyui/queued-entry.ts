import { isArray, isObject, type Json, type JsonObject } from '../workflow/json.js';
import { recordsItself } from './queue-prompt.js';

/** What was queued, as a history entry remembers it. */
export interface QueuedEntry {
  readonly prompt: JsonObject;
  /** The workflow that went along, to be embedded. */
  readonly workflow?: JsonObject;
  /** Whoever queued it writes the record. */
  readonly recordsItself: boolean;
}

/** Reads the `[number, id, prompt, extra_data, outputs]` of a history entry; `undefined` where it has none. */
export function queuedEntry(entry: JsonObject): QueuedEntry | undefined {
  const tuple = entry.get('prompt');
  const [, , prompt, extra] = isArray(tuple) ? tuple : [];
  if (!isObject(prompt)) return undefined;
  const workflow = memberOf(memberOf(extra, 'extra_pnginfo'), 'workflow');
  return {
    prompt,
    ...(isObject(workflow) ? { workflow } : {}),
    recordsItself: memberOf(extra, recordsItself) === true,
  };
}

const memberOf = (json: Json | undefined, name: string) => (isObject(json) ? json.get(name) : undefined);
