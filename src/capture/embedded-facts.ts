import { basename } from 'node:path';
import { InputError } from '../errors.js';
import { type Embedded, readEmbedded } from '../image/embedded.js';
import { shellWord } from '../shell-word.js';
import { isObject, type JsonObject, parseJson } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import { outputNode } from './output-node.js';
import type { RunFacts } from './run-facts.js';

/**
 * What an existing output tells about the run that made it. Nothing of today's machine enters: what the file does not say was not captured.
 * @param given the prompt of an output without metadata, from the user
 * @throws InputError `no-metadata`, `not-a-prompt`, and those of a damaged file or prompt
 */
export function embeddedFacts(path: string, bytes: Uint8Array, given: JsonObject | undefined): RunFacts {
  const embedded = readEmbedded(bytes);
  const prompt = given ?? embeddedPrompt(path, embedded);
  const workflow = given === undefined ? embeddedWorkflow(embedded) : undefined;
  const name = basename(path);
  // Which picture of a batch it was is not in the file; the first is what most are.
  const output = { name, node: outputNode(readPrompt(prompt), name), index: 0, bytes };
  return { prompt, ...(workflow === undefined ? {} : { workflow }), outputs: [output], captured: 'embedded' };
}

function embeddedPrompt(path: string, { container, prompt }: Embedded): JsonObject {
  if (prompt === undefined) throw noMetadata(path, container);
  const json = parseJson(prompt);
  if (isObject(json)) return readPrompt(json).source;
  throw new InputError('not-a-prompt', 'the prompt embedded in it is no JSON object');
}

/** A workflow that cannot be read is left out: the prompt alone says how the picture was made. */
function embeddedWorkflow({ workflow }: Embedded): JsonObject | undefined {
  if (workflow === undefined) return undefined;
  try {
    const json = parseJson(workflow);
    return isObject(json) ? json : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const noMetadata = (path: string, container: Embedded['container']) =>
  new InputError(
    'no-metadata',
    container === 'unknown' ? 'metadata of this kind of file is not read' : 'no prompt is embedded in it',
    {
      hint: `if you have its prompt in API format: git comfy record --prompt <prompt.json> --output ${shellWord(path)}`,
    },
  );
