import type { InputEntry } from '../lock/entries.js';
import { isArray, isObject, type JsonObject } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import { inputKey, inputReferences } from '../workflow/references.js';

/** Nodes of ComfyUI that answer `IS_CHANGED` with the SHA-256 of the file that they load; others answer with whatever they like. */
const hashingLoaders: ReadonlySet<string> = new Set(['LoadImage', 'LoadImageMask', 'LoadAudio']);

/**
 * Input files whose content ComfyUI itself wrote into the prompt while it ran (`is_changed`): true at that time, unlike a hash of today.
 * Source: `IS_CHANGED` of these classes in ComfyUI's `nodes.py` and `comfy_extras/nodes_audio.py`.
 */
export function embeddedInputs(prompt: JsonObject): Map<string, InputEntry> {
  const found = new Map<string, InputEntry>();
  for (const reference of inputReferences(readPrompt(prompt))) {
    const node = prompt.get(reference.node);
    const changed = isObject(node) ? node.get('is_changed') : undefined;
    const [hash] = isArray(changed) ? changed : [];
    if (!hashingLoaders.has(reference.classType) || typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) continue;
    found.set(inputKey(reference), { digest: `sha256:${hash}` });
  }
  return found;
}
