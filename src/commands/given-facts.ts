import { resolve } from 'node:path';
import type { GivenFacts } from '../capture/embedded-facts.js';
import { readEnvironmentFile } from '../comfyui/environment-file.js';
import { readNamed } from '../files/named.js';
import { readBounded } from '../files/read.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { parseJson } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import { promptDocuments } from '../workflow/prompt-documents.js';

/**
 * What a person hands over of outputs that say nothing of themselves.
 * @param prompt a file with their prompt: API format, a request, or a history entry
 * @param env a file that says where they were made, if there is one
 * @throws InputError naming the file
 */
export async function readGiven(cwd: string, prompt: string, env: string | undefined): Promise<GivenFacts> {
  const given = await readText(cwd, prompt, (text) => {
    const documents = promptDocuments(parseJson(text));
    return { ...documents, prompt: readPrompt(documents.prompt ?? new Map()).source };
  });
  if (env === undefined) return given;
  return { ...given, environment: await readText(cwd, env, readEnvironmentFile) };
}

async function readText<T>(cwd: string, file: string, read: (text: string) => T): Promise<T> {
  const path = resolve(cwd, file);
  const bytes = await readBounded(path, maxOutputBytes);
  return readNamed(path, () => read(bytes.toString('utf8')));
}
