import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { uploadInput } from '../comfyui/requests.js';
import type { Server } from '../comfyui/server.js';
import type { Dependencies } from '../lock/entries.js';
import { type InputReference, inputReferences } from '../workflow/input-references.js';
import type { JsonObject } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import { findInput } from './find-input.js';
import { mapInputs } from './own-prefix.js';
import { serverFile } from './server-file.js';

export interface ProvidedInputs {
  readonly prompt: JsonObject;
  /** What was done, one line each. */
  readonly notes: readonly string[];
}

/**
 * Makes sure that the server has every input picture of the prompt with the content that was recorded: one that is gone or was replaced is looked
 * for by its hash in `folders`, uploaded under a name of its own and named in the prompt. The user's own files in the input folder stay as they are.
 * What is found nowhere is left to the verification, which has named it.
 */
export async function provideInputs(
  server: Server,
  prompt: JsonObject,
  recorded: Dependencies['inputs'],
  folders: readonly string[],
  signal: AbortSignal,
): Promise<ProvidedInputs> {
  const notes: string[] = [];
  let changed = prompt;
  for (const reference of inputReferences(readPrompt(prompt))) {
    const expected = recorded.get(reference.name)?.digest;
    if (expected === undefined || expected === 'missing') continue;
    if ((await digestOnServer(server, reference, signal)) === expected) continue;
    const path = await findInput(reference.name, expected, folders, signal);
    if (path === undefined) continue;
    const base = reference.name.split('/').at(-1) ?? reference.name;
    const name = await uploadInput(server, `git-comfy/${expected.slice(7, 15)}/${base}`, await readFile(path), {
      signal,
    });
    changed = withInput(changed, reference, name);
    notes.push(`input ${reference.name}: the recorded content was found elsewhere and uploaded as ${name}`);
  }
  return { prompt: changed, notes };
}

async function digestOnServer(
  server: Server,
  reference: InputReference,
  signal: AbortSignal,
): Promise<string | undefined> {
  const bytes = await serverFile(server, reference.name, reference.folder, signal);
  return bytes === undefined ? undefined : `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function withInput(prompt: JsonObject, { node, input }: InputReference, name: string): JsonObject {
  return mapInputs(prompt, (inputs, id) => (id === node ? new Map(inputs).set(input, name) : inputs));
}
