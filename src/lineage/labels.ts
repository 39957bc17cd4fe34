import type { Run } from './query.js';
import type { Label } from './record.js';
import { recordId } from './record-line.js';

/** A label with the line it was read from; `recordId(text)` is its id. */
export interface LabelLine {
  readonly text: string;
  readonly label: Label;
}

/** The labels of runs, sorted by name; a label on any line of a run is one of the run. */
export function labelsOf(lines: readonly LabelLine[]): (run: Run) => string[] {
  const names = new Map<string, Set<string>>();
  for (const { label } of lines) names.set(label.of, (names.get(label.of) ?? new Set()).add(label.name));
  // The id of a line costs a hash: where nobody has labelled anything none is made.
  if (names.size === 0) return () => [];
  return ({ best, others }) => {
    const found = [best, ...others].flatMap(({ text }) => [...(names.get(recordId(text)) ?? [])]);
    return [...new Set(found)].sort();
  };
}
