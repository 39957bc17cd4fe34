import { InputError } from '../errors.js';
import { readNamed } from '../files/named.js';
import { readBounded } from '../files/read.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { readEmbedded } from '../image/embedded.js';
import { documentKind } from '../workflow/detect.js';
import { isObject, type JsonObject, parseJson, workflowLimits } from '../workflow/json.js';
import { readPrompt, withoutVolatile } from '../workflow/prompt.js';

/** Something that can be run: a workflow to convert, or a prompt with or without the workflow that goes with it. */
export interface Runnable {
  readonly workflow?: JsonObject;
  /** Runs as it is; without it the workflow is converted. */
  readonly prompt?: JsonObject;
}

/**
 * Reads what a person gave to run: a workflow, an API-format prompt, or a picture with either embedded. Of a picture the prompt runs, as
 * it ran then; its workflow is embedded again.
 * @throws InputError `no-such-file`, `not-a-workflow`, `no-metadata`, and those of the readers
 */
export async function readRunnable(path: string): Promise<Runnable> {
  const bytes = await readBounded(path, maxOutputBytes);
  const embedded = readNamed(path, () => readEmbedded(bytes));
  if (embedded.container === 'unknown') return fromJson(bytes.toString('utf8'), path);
  const workflow = readNamed(path, () => parsed(embedded.workflow));
  const prompt = readNamed(path, () => parsed(embedded.prompt));
  if (prompt !== undefined) {
    const clean = withoutVolatile(readPrompt(prompt).source);
    return { prompt: clean, ...(workflow === undefined ? {} : { workflow }) };
  }
  if (workflow !== undefined) return { workflow };
  throw new InputError('no-metadata', `${path} has no workflow in it`, {
    hint: 'its metadata was stripped; git comfy show finds it by its pixels if it was recorded',
  });
}

function parsed(text: string | undefined): JsonObject | undefined {
  const json = text === undefined ? undefined : parseJson(text, workflowLimits);
  return isObject(json) ? json : undefined;
}

function fromJson(text: string, path: string): Runnable {
  const json = readNamed(path, () => parseJson(text, workflowLimits), whatToGive);
  const inner = isObject(json) ? json.get('prompt') : undefined;
  // What "Save (API)" of some tools writes is the whole request.
  const wrapped = isObject(inner) && documentKind(inner) === 'prompt' ? inner : json;
  const kind = documentKind(wrapped);
  if (kind === 'workflow') return { workflow: wrapped as JsonObject };
  if (kind === 'prompt') return { prompt: withoutVolatile(readPrompt(wrapped).source) };
  throw new InputError('not-a-workflow', `${path} is neither a workflow nor a prompt of ComfyUI`, { hint: whatToGive });
}

const whatToGive = 'give a workflow saved by ComfyUI, an "Export (API)" file, or a picture that ComfyUI made';
