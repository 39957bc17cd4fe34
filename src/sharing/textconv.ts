import { InputError } from '../errors.js';
import { describe } from '../workflow/describe.js';
import { readWorkflow } from '../workflow/graph.js';
import { namesAreKnown } from '../workflow/known-names.js';
import { readWorkflowBytes } from '../workflow/read-bytes.js';
import { lockedWidgetNames } from './widget-names.js';

/**
 * A workflow as text for git's diff; `undefined` where the bytes are none, or damaged, and have to be shown as they are. The lock is read only
 * where it could name a value, since git calls this for every file and side.
 * @param top folder of `comfy.lock`: git runs it at the top of the work tree
 */
export async function textForDiff(bytes: Uint8Array, top: string): Promise<string | undefined> {
  const { workflow: source } = readWorkflowBytes(bytes);
  if (source === undefined) return undefined;
  try {
    const workflow = readWorkflow(source);
    const names = namesAreKnown(workflow) ? undefined : await lockedWidgetNames(top);
    return describe(workflow, names)
      .map((line) => `${line}\n`)
      .join('');
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
