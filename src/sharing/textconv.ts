import { filterLimits } from '../capture/filter-limits.js';
import { InputError } from '../errors.js';
import { describe } from '../workflow/describe.js';
import { readWorkflow } from '../workflow/graph.js';
import type { WidgetNames } from '../workflow/node-values.js';
import { readWorkflowBytes } from '../workflow/read-bytes.js';

/** A workflow as text for git's diff; `undefined` where the bytes are none, or damaged, and have to be shown as they are. */
export function textForDiff(bytes: Uint8Array, names: WidgetNames | undefined): string | undefined {
  const { workflow: source } = readWorkflowBytes(bytes, filterLimits);
  if (source === undefined) return undefined;
  try {
    const lines = describe(readWorkflow(source), names);
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
