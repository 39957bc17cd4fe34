import type { ChecklistStep } from '../lineage/checklist.js';
import { factLines } from './facts.js';
import type { Paint } from './paint.js';
import { variableFacts } from './variable-facts.js';

/** A checklist is kept: its hashes are whole, however narrow the terminal is. */
const wholeHashes = Number.POSITIVE_INFINITY;

/** The nine steps, numbered, each value with where it was read. */
export function checklistText(steps: readonly ChecklistStep[], width: number, paint: Paint): string {
  return steps.map((step) => stepLines(step, width, paint).join('\n')).join('\n');
}

function stepLines({ number, label, variables, text }: ChecklistStep, width: number, paint: Paint): string[] {
  const facts = variables.flatMap((variable) => variableFacts(variable, undefined, wholeHashes));
  const said = text === undefined ? facts : [{ label: '', text }];
  return [paint('bold', `${number}. ${label}`), ...factLines(said, width, paint)];
}
