import { readFile } from 'node:fs/promises';
import { uploadInput } from '../comfyui/requests.js';
import type { Server } from '../comfyui/server.js';
import { type InputReference, inputKey, inputReferences } from '../workflow/input-references.js';
import type { JsonObject } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import { ownFolder } from './find-input.js';
import { mapInputs } from './own-prefix.js';
import type { InputElsewhere } from './verify-inputs.js';

export interface ProvidedInputs {
  readonly prompt: JsonObject;
  /** What was done, one line each. */
  readonly notes: readonly string[];
}

/**
 * Names inputs in the prompt as the server has them now. What it lacks is uploaded, each file under a name of its own; the user's own files in
 * the input folder stay as they are.
 * @param elsewhere by key of the lock, where the recorded content is; it goes to a folder named by that content, so that nothing is there twice
 */
export async function provideInputs(
  server: Server,
  prompt: JsonObject,
  elsewhere: ReadonlyMap<string, InputElsewhere>,
  signal: AbortSignal,
): Promise<ProvidedInputs> {
  const notes: string[] = [];
  let changed = prompt;
  for (const reference of inputReferences(readPrompt(prompt))) {
    const key = inputKey(reference);
    const found = elsewhere.get(key);
    if (found === undefined) continue;
    const base = reference.name.split('/').at(-1) ?? reference.name;
    const place = `${ownFolder}${found.digest.slice('sha256:'.length, 'sha256:'.length + 12)}/${base}`;
    const upload = async () => uploadInput(server, place, await readFile(found.path), { signal });
    const name = found.served ?? (await upload());
    changed = withInput(changed, reference, name);
    notes.push(`input ${key}: ${found.served === undefined ? 'uploaded' : 'used'} as ${name}`);
  }
  return { prompt: changed, notes };
}

function withInput(prompt: JsonObject, { node, input, folder }: InputReference, name: string): JsonObject {
  // What is uploaded lies in the input folder, wherever the original was.
  const value = folder === 'input' ? name : `${name} [input]`;
  return mapInputs(prompt, (inputs, id) => (id === node ? new Map(inputs).set(input, value) : inputs));
}
