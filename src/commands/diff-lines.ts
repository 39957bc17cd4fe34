import type { FileDiff } from '../sharing/diff.js';
import { changeText } from '../workflow/diff-words.js';

/** One file's differences for people: a heading, then a line a change; not `safe` yet. */
export function diffLines(file: FileDiff): [string, ...string[]] {
  const { changes, reason } = file;
  return [
    heading(file),
    ...(reason === undefined ? [] : [`  ${reason}`]),
    ...changes.map((change) => `  ${changeText(change)}`),
  ];
}

function heading({ path, renamedFrom, status }: FileDiff): string {
  const moved = renamedFrom === undefined ? path : `${renamedFrom} -> ${path}`;
  return status === 'changed' || status === 'same' ? moved : `${moved}: ${status}`;
}
