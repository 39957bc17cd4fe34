import type { JsonObject } from './json.js';

/** The id that the frontend gave a workflow, lower case: a uuid; every template of ComfyUI comes with one of its own, and "save as" gives a new one. */
export function frontendId(workflow: JsonObject | undefined): string | undefined {
  const id = workflow?.get('id');
  return typeof id === 'string' && /^[0-9a-f-]{36}$/i.test(id) ? id.toLowerCase() : undefined;
}
