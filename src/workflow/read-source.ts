import { documentKind } from './detect.js';
import { readWorkflow } from './graph.js';
import { type Json, parseJson, workflowLimits } from './json.js';
import { readPrompt } from './prompt.js';
import type { Source } from './resolved-nodes.js';

/**
 * A workflow or a prompt from a file's bytes; `undefined` for JSON that is neither.
 * @throws InputError `json-syntax` and its like, `workflow-damaged`, `not-a-prompt`
 */
export const readSource = (bytes: Uint8Array): Source | undefined =>
  sourceOf(parseJson(Buffer.from(bytes).toString('utf8'), workflowLimits));

/** As `readSource`, of a parsed document. */
function sourceOf(json: Json): Source | undefined {
  const kind = documentKind(json);
  if (kind === 'workflow') return readWorkflow(json);
  return kind === 'prompt' ? readPrompt(json) : undefined;
}
