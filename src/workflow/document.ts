import { InputError } from '../errors.js';
import { documentKind } from './detect.js';
import { readWorkflow, type Workflow } from './graph.js';
import { type JsonObject, parseJson, workflowLimits } from './json.js';
import { type Prompt, readPrompt } from './prompt.js';

/** A file of one of the two formats that ComfyUI knows, read. */
export type WorkflowDocument =
  | { readonly kind: 'workflow'; readonly source: JsonObject; readonly workflow: Workflow }
  | { readonly kind: 'prompt'; readonly source: JsonObject; readonly prompt: Prompt };

/**
 * Reads a workflow (UI format) or a prompt (API format) from text.
 * @param name says what the text is, in errors
 * @throws InputError `not-a-workflow`, `workflow-damaged`, and those of `parseJson`
 */
export function readDocument(text: string, name: string): WorkflowDocument {
  const json = parseNamed(text, name);
  const kind = documentKind(json);
  if (kind === 'workflow') return { kind, source: json as JsonObject, workflow: readWorkflow(json) };
  if (kind === 'prompt') {
    const prompt = readPrompt(json);
    return { kind, source: prompt.source, prompt };
  }
  throw new InputError('not-a-workflow', `${name} is neither a ComfyUI workflow nor a prompt in API format`, {
    hint: 'give a file that ComfyUI saved, or a picture that it made',
  });
}

function parseNamed(text: string, name: string) {
  try {
    return parseJson(text, workflowLimits);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.code, `${name}: ${error.message}`, { hint: 'save it again in ComfyUI', cause: error });
  }
}
