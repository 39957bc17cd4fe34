import { readRunnable } from '../capture/runnable.js';
import { InputError } from '../errors.js';
import { diffPrompts, diffWorkflows, type WorkflowChange } from '../workflow/diff.js';
import { readDocument, type WorkflowDocument } from '../workflow/document.js';
import { readWorkflow } from '../workflow/graph.js';
import type { WidgetNames } from '../workflow/node-values.js';
import { readPrompt } from '../workflow/prompt.js';

/** What became of one file. */
export interface DocumentDiff {
  readonly status: 'added' | 'removed' | 'changed' | 'same' | 'unreadable';
  readonly changes: readonly WorkflowChange[];
  /** For `unreadable`: which side, and why. */
  readonly reason?: string;
}

/** Compares two versions of a file; `undefined` is a side that is not there. A side that is no workflow is said, not thrown. */
export function diffDocuments(
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
  names: () => WidgetNames | undefined,
): DocumentDiff {
  if (before !== undefined && after !== undefined && Buffer.from(before).equals(after)) return same;
  try {
    const old = before === undefined ? undefined : readSide(before, 'the old version');
    const fresh = after === undefined ? undefined : readSide(after, 'the new version');
    if (old === undefined) return fresh === undefined ? same : { status: 'added', changes: [] };
    if (fresh === undefined) return { status: 'removed', changes: [] };
    const changes = changesOf(old, fresh, names);
    return changes.length === 0 ? same : { status: 'changed', changes };
  } catch (error) {
    if (error instanceof InputError) return { status: 'unreadable', changes: [], reason: error.message };
    throw error;
  }
}

const same: DocumentDiff = { status: 'same', changes: [] };

const readSide = (bytes: Uint8Array, name: string) => readDocument(Buffer.from(bytes).toString('utf8'), name);

/**
 * What a file holds, whatever it comes in: of a picture the workflow, else the prompt.
 * @throws InputError those of `readRunnable`; `workflow-damaged`
 */
export async function openDocument(path: string): Promise<WorkflowDocument> {
  const { workflow, prompt } = await readRunnable(path);
  if (workflow !== undefined) return { kind: 'workflow', source: workflow, workflow: readWorkflow(workflow) };
  const source = prompt ?? new Map();
  return { kind: 'prompt', source, prompt: readPrompt(source) };
}

/** @throws InputError `other-format` where one is a workflow and the other a prompt */
export function changesOf(
  before: WorkflowDocument,
  after: WorkflowDocument,
  names: () => WidgetNames | undefined,
): WorkflowChange[] {
  if (before.kind === 'workflow' && after.kind === 'workflow') {
    return diffWorkflows(before.workflow, after.workflow, names());
  }
  if (before.kind === 'prompt' && after.kind === 'prompt') return diffPrompts(before.prompt, after.prompt);
  throw new InputError('other-format', 'one is a workflow, the other a prompt in API format', {
    hint: 'turn the workflow into a prompt first: git comfy prompt <workflow>',
  });
}
