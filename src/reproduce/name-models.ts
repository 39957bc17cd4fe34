import { modelNames } from '../comfyui/requests.js';
import type { Server } from '../comfyui/server.js';
import { foldersOfKeys } from '../lock/folders-of-keys.js';
import type { Json, JsonObject } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import { type ModelReference, modelReferences } from '../workflow/references.js';
import { mapInputs } from './own-prefix.js';

/**
 * The prompt with every model under the name that this server has for it: renamed files under their new name, and separators as the server writes
 * them (`\` on Windows). A model that the server does not have keeps its name; the server says so when it is queued.
 * @param recorded keys of what the run was known to need: they tell the folder of what a pack's own node loads
 * @param renamed by `<folder>/<name>` as recorded: the name in that folder under which the same content is found today
 */
export async function nameModels(
  server: Server,
  prompt: JsonObject,
  { recorded, renamed }: { readonly recorded: Iterable<string>; readonly renamed: ReadonlyMap<string, string> },
  signal: AbortSignal,
): Promise<JsonObject> {
  const listed = new Map<string, readonly string[]>();
  let changed = prompt;
  for (const reference of modelReferences(readPrompt(prompt), undefined, foldersOfKeys(recorded))) {
    const { folder, name, value, part } = reference;
    // One value cannot name its several files anew.
    if (folder === undefined || part === true) continue;
    const wanted = renamed.get(`${folder}/${name}`) ?? name;
    const offered = listed.get(folder) ?? (await modelNames(server, folder, { signal }));
    listed.set(folder, offered);
    const spelled =
      offered.find((option) => option.replaceAll('\\', '/') === wanted) ?? (wanted === name ? value : wanted);
    if (spelled !== value) changed = withModel(changed, reference, spelled);
  }
  return changed;
}

function withModel(prompt: JsonObject, { node, input, value }: ModelReference, name: string): JsonObject {
  return mapInputs(prompt, (inputs, id) => {
    const before = inputs.get(input);
    return id !== node || before === undefined ? inputs : new Map(inputs).set(input, replaced(before, value, name));
  });
}

/** A LoRA stack of a pack is an object or list: the name may stand anywhere in the value. */
function replaced(value: Json, from: string, to: string): Json {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((item) => replaced(item, from, to));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, replaced(item, from, to)]));
  return value;
}
