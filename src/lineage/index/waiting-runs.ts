import { cellsOf } from './column.js';
import { type LineIndex, livingRows } from './line-index.js';
import { waitingRows } from './lookup.js';
import { rowsOf } from './postings.js';
import { isRecord } from './row.js';
import { termOf } from './term.js';

/** A run that no commit is known to hold the workflow of. */
export interface WaitingRun {
  /** The first row of the run. */
  readonly group: number;
  /** `documentOf` its best line. */
  readonly document: number;
}

/** All that wait, newest first; no record is read for it. */
export function waitingRuns(index: LineIndex): WaitingRun[] {
  const living = livingRows(index);
  const best = new Map([...waitingRows(index, living)].map((group) => [group, -1]));
  if (best.size === 0) return [];
  const { kinds, groups, documents, columns } = index;
  kinds.forEach((kind, row) => {
    const before = best.get(groups[row] ?? 0);
    if (before === undefined || living[row] === 0 || !isRecord(kind)) return;
    if (before < 0 || kind < (kinds[before] ?? 0)) best.set(groups[row] ?? 0, row);
  });
  return [...best]
    .map(([group, row]) => ({ group, document: documents[row] ?? 0, start: cellsOf(columns.date, row)[0] ?? '' }))
    .sort((a, b) => (a.start < b.start ? 1 : a.start > b.start ? -1 : 0));
}

/** Those that may have embedded a workflow with one of these normal forms; too many rather than too few. */
export function waitingWith(index: LineIndex, runs: readonly WaitingRun[], normals: Iterable<string>): WaitingRun[] {
  const found = new Set<number>();
  for (const normal of normals) {
    for (const row of rowsOf(index.postings, termOf('normal', normal))) found.add(index.groups[row] ?? 0);
  }
  return runs.filter(({ group }) => found.has(group));
}
