import { InputError } from '../errors.js';
import { readEmbedded } from '../image/embedded.js';
import type { EmbeddedTexts } from '../image/picture.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { isObject, type JsonObject, parseJson } from '../workflow/json.js';
import { readParameters } from '../workflow/parameters.js';
import { parametersPrompt } from '../workflow/parameters-prompt.js';
import { readPrompt, withoutVolatile } from '../workflow/prompt.js';

/** Prompt and workflow as ComfyUI embedded them in a file, else another program's parameters; `undefined` where neither can be read. */
export function embeddedSnapshot(bytes: Uint8Array): Snapshot | undefined {
  return snapshotIn(lookedAt(bytes));
}

/** As `embeddedSnapshot`, of what somebody has read; `undefined` for a damaged file. */
export function snapshotIn(texts: EmbeddedTexts | undefined): Snapshot | undefined {
  const { prompt, workflow, parameters } = documentsIn(texts ?? {});
  const read = prompt === undefined && parameters !== undefined ? readParameters(parameters) : undefined;
  if (read !== undefined) return { snapshot: 1, prompt: parametersPrompt(read), parameters: String(parameters) };
  if (prompt === undefined) return undefined;
  return { snapshot: 1, prompt: withoutVolatile(prompt), ...(workflow === undefined ? {} : { workflow }) };
}

interface EmbeddedDocuments {
  readonly prompt?: JsonObject;
  readonly workflow?: JsonObject;
  readonly parameters?: string;
}

/** A damaged file has nothing embedded. */
function lookedAt(bytes: Uint8Array): EmbeddedTexts | undefined {
  try {
    return readEmbedded(bytes);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** A prompt that is none counts for nothing, and what is beside it neither. */
function documentsIn(texts: EmbeddedTexts): EmbeddedDocuments {
  try {
    const [prompt, workflow] = [documentIn(texts.prompt), documentIn(texts.workflow)];
    if (prompt !== undefined) readPrompt(prompt);
    return {
      ...(prompt === undefined ? {} : { prompt }),
      ...(workflow === undefined ? {} : { workflow }),
      ...(texts.parameters === undefined ? {} : { parameters: texts.parameters }),
    };
  } catch (error) {
    if (error instanceof InputError) return {};
    throw error;
  }
}

function documentIn(text: string | undefined): JsonObject | undefined {
  const json = text === undefined ? undefined : parseJson(text);
  return isObject(json) ? json : undefined;
}
