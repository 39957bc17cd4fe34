import { documentKind } from './detect.js';
import { isArray, isObject, type Json, type JsonObject, tryParseJson } from './json.js';

/** What a JSON file says of a run. */
export interface PromptDocuments {
  readonly prompt?: JsonObject;
  readonly workflow?: JsonObject;
}

/**
 * Finds prompt and workflow in what servers, workers and packs write: either of them alone; a request to `/prompt`; a history entry, alone or by its
 * id; `{"input": {"workflow": <prompt>}}` of serverless workers; both as members, also as JSON in a text. Empty for anything else.
 */
export function promptDocuments(json: Json | undefined): PromptDocuments {
  return found(json, 0);
}

/** Members in which others wrap what they have; a wrapped `workflow` is often a prompt. */
const wrappers = ['prompt', 'workflow', 'input', 'extra_data', 'extra_pnginfo', 'extra', 'metadata'];
const deepest = 8;

function found(value: Json | undefined, depth: number): PromptDocuments {
  const json = typeof value === 'string' ? tryParseJson(value) : value;
  // `[number, id, prompt, extra_data, outputs]` of a history entry.
  if (isArray(json)) return json.length === 5 ? united([found(json[2], depth + 1), found(json[3], depth + 1)]) : {};
  if (!isObject(json) || depth > deepest) return {};
  const kind = documentKind(json);
  if (kind === 'workflow') return { workflow: json };
  const wrapped = wrappers.filter((name) => json.has(name));
  if (kind === 'prompt' && wrapped.length === 0) return { prompt: json };
  if (wrapped.length > 0) return united(wrapped.map((name) => found(json.get(name), depth + 1)));
  const [only] = json.values();
  return json.size === 1 ? found(only, depth + 1) : {};
}

const united = (parts: readonly PromptDocuments[]): PromptDocuments => Object.assign({}, ...parts.toReversed());
