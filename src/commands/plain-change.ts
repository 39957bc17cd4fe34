import type { WorkflowChange } from '../workflow/diff.js';
import { changeText } from '../workflow/diff-words.js';
import { fromPlain, toPlain } from '../workflow/json.js';

/** A change for `--json`: its members, numbers that JavaScript would change as text, and the words that people get. */
export function plainChange(change: WorkflowChange): object {
  const members = Object.entries(change).filter(([, value]) => value !== undefined);
  const plain = Object.fromEntries(members.map(([key, value]) => [key, toPlain(fromPlain(value))]));
  return { ...plain, text: changeText(change) };
}
