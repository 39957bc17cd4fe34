import { readFile } from 'node:fs/promises';
import { uploadInput } from '../comfyui/requests.js';
import type { Server } from '../comfyui/server.js';
import { type InputReference, inputKey, inputReferences } from '../workflow/input-references.js';
import type { JsonObject } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import { mapInputs } from './own-prefix.js';

export interface ProvidedInputs {
  readonly prompt: JsonObject;
  /** What was done, one line each. */
  readonly notes: readonly string[];
}

/**
 * Uploads inputs that the server lacks, each under a name of its own, and names them in the prompt. The user's own files in the input folder stay
 * as they are.
 * @param elsewhere by key of the lock, the file with the recorded content
 * @param id names the folder that they go to
 */
export async function provideInputs(
  server: Server,
  prompt: JsonObject,
  elsewhere: ReadonlyMap<string, string>,
  id: string,
  signal: AbortSignal,
): Promise<ProvidedInputs> {
  const notes: string[] = [];
  let changed = prompt;
  for (const reference of inputReferences(readPrompt(prompt))) {
    const key = inputKey(reference);
    const path = elsewhere.get(key);
    if (path === undefined) continue;
    const base = reference.name.split('/').at(-1) ?? reference.name;
    const name = await uploadInput(server, `git-comfy/${id}/${base}`, await readFile(path), { signal });
    changed = withInput(changed, reference, name);
    notes.push(`input ${key}: uploaded as ${name}`);
  }
  return { prompt: changed, notes };
}

function withInput(prompt: JsonObject, { node, input, folder }: InputReference, name: string): JsonObject {
  // What is uploaded lies in the input folder, wherever the original was.
  const value = folder === 'input' ? name : `${name} [input]`;
  return mapInputs(prompt, (inputs, id) => (id === node ? new Map(inputs).set(input, value) : inputs));
}
