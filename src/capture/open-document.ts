import { basename } from 'node:path';
import { InputError } from '../errors.js';
import { readBounded } from '../files/read.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { readEmbedded } from '../image/embedded.js';
import { readDocument, type WorkflowDocument } from '../workflow/document.js';

/**
 * Opens whatever a workflow may come in: a workflow file, a prompt in API format, a picture with either embedded (the workflow first).
 * @throws InputError `no-such-file`, `not-a-file`, `file-too-large`, `no-metadata`, `not-a-workflow`, `workflow-damaged`, `png-...`, `json-...`
 */
export async function openDocument(path: string): Promise<WorkflowDocument> {
  return documentIn(await readBounded(path, maxOutputBytes), basename(path));
}

/** As `openDocument`, for bytes that are here already. */
export function documentIn(bytes: Uint8Array, name: string): WorkflowDocument {
  const { container, workflow, prompt } = readEmbedded(bytes);
  if (container === 'unknown') return readDocument(Buffer.from(bytes).toString('utf8'), name);
  const text = workflow ?? prompt;
  if (text !== undefined) return readDocument(text, `the workflow in ${name}`);
  throw new InputError('no-metadata', `${name} has no workflow and no prompt embedded`, {
    hint: 'ComfyUI writes none when it is started with --disable-metadata; give the workflow file itself',
  });
}
