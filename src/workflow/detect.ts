import { isArray, isObject, type Json, type JsonObject } from './json.js';

/** `workflow`: the UI graph people save; `prompt`: the API format ComfyUI executes; `other`: neither, none of our business. */
export type DocumentKind = 'workflow' | 'prompt' | 'other';

/** Tells the two formats from each other and from JSON of other programs that happens to have `nodes`. */
export function documentKind(json: Json): DocumentKind {
  if (!isObject(json)) return 'other';
  if (isWorkflow(json)) return 'workflow';
  return isPrompt(json) ? 'prompt' : 'other';
}

function isWorkflow(json: JsonObject): boolean {
  const nodes = json.get('nodes');
  const links = json.get('links');
  if (!isArray(nodes) || !nodes.every(isNode)) return false;
  if (isArray(links))
    return links.every(isLink) && (nodes.length > 0 || json.has('last_node_id') || json.has('version'));
  return (links === undefined || links === null) && json.has('last_node_id');
}

const isNode = (value: Json) => isObject(value) && value.has('id') && typeof value.get('type') === 'string';

/** A tuple at the root, an object in newer formats, `null` where an old frontend left a hole. */
const isLink = (value: Json) => value === null || isArray(value) || (isObject(value) && value.has('origin_id'));

function isPrompt(json: JsonObject): boolean {
  if (json.size === 0) return false;
  for (const value of json.values()) if (!isObject(value) || typeof value.get('class_type') !== 'string') return false;
  return true;
}
