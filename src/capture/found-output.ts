import type { Lineage, SkippedLine } from '../lineage/lineage.js';
import { findByOutput, type OutputKeys, type OutputMatch } from '../lineage/query.js';
import type { RunRecord } from '../lineage/record.js';
import { recordId } from '../lineage/record-line.js';

/** An output that lineage knows. */
export interface FoundOutput extends OutputMatch {
  /** Of the best line of the run. */
  readonly id: string;
  readonly record: RunRecord;
  /** Lines that could not be read: one of them may have known more. */
  readonly skipped: readonly SkippedLine[];
}

/** Of lines about an output the run that made it. */
export function foundIn(lineage: Lineage, keys: OutputKeys): FoundOutput | undefined {
  const match = findByOutput(lineage.records, keys);
  if (match === undefined) return undefined;
  const { text, record } = match.run.best;
  return { ...match, id: recordId(text), record, skipped: lineage.skipped };
}
