import { InputError } from '../errors.js';
import { diffPrompts, diffWorkflows } from '../workflow/diff.js';
import { readDocument, type WorkflowDocument } from '../workflow/document.js';
import type { FileDiff } from '../workflow/file-diff.js';
import type { WidgetNames } from '../workflow/node-values.js';
import type { WorkflowChange } from '../workflow/workflow-change.js';

/** What became of a document, wherever it stands. */
export type DocumentDiff = Pick<FileDiff, 'status' | 'changes' | 'reason'>;

/** Compares two versions of a file; `undefined` is a side that is not there. A side that is no workflow is said, not thrown. */
export function diffDocuments(
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
  names: WidgetNames | undefined,
): DocumentDiff {
  try {
    return compareDocuments(before, after, names);
  } catch (error) {
    if (error instanceof InputError) return { status: 'unreadable', changes: [], reason: error.message };
    throw error;
  }
}

/** As `diffDocuments`. @throws InputError those of `readDocument`; `other-format` where one is a workflow and the other a prompt */
export function compareDocuments(
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
  names: WidgetNames | undefined,
): DocumentDiff {
  if (before !== undefined && after !== undefined && Buffer.from(before).equals(after)) return same;
  const old = before === undefined ? undefined : readSide(before, 'the old version');
  const fresh = after === undefined ? undefined : readSide(after, 'the new version');
  if (old === undefined) return fresh === undefined ? same : { status: 'added', changes: [] };
  if (fresh === undefined) return { status: 'removed', changes: [] };
  const changes = changesOf(old, fresh, names);
  return changes.length === 0 ? same : { status: 'changed', changes };
}

const same: DocumentDiff = { status: 'same', changes: [] };

const readSide = (bytes: Uint8Array, name: string) => readDocument(Buffer.from(bytes).toString('utf8'), name);

function changesOf(
  before: WorkflowDocument,
  after: WorkflowDocument,
  names: WidgetNames | undefined,
): WorkflowChange[] {
  if (before.kind === 'workflow' && after.kind === 'workflow') {
    return diffWorkflows(before.workflow, after.workflow, names);
  }
  if (before.kind === 'prompt' && after.kind === 'prompt') return diffPrompts(before.prompt, after.prompt);
  throw new InputError('other-format', 'one is a workflow, the other a prompt in API format', {
    hint: 'turn the workflow into a prompt first: git comfy prompt <workflow>',
  });
}
