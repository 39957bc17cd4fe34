import type { RunRecord } from '../record.js';
import { type LineIndex, livingRows } from './line-index.js';
import { idsTakenBack, rowsAt, rowsOfRuns, withWaiting } from './lookup.js';
import { pairsOf, rowsOf } from './postings.js';
import { isRecord } from './row.js';
import { termOf, termRange } from './term.js';

/** What has to be read to place runs at commits. */
export interface PlacedRows {
  readonly rows: readonly number[];
  /** Runs that are not among them: for certain they stand elsewhere. */
  readonly others: number;
}

/**
 * Rows of the runs that may stand at one of these commits or at none at all, or may have been taken back.
 * @param waiting records of the journal
 */
export function placedRows(index: LineIndex, commits: ReadonlySet<string>, waiting: readonly RunRecord[]): PlacedRows {
  const { groups, ids, kinds } = index;
  const wanted = new Uint8Array(kinds.length);
  const want = (row: number) => (wanted[groups[row] ?? 0] = 1);
  for (const row of rowsAt(index, commits)) want(row);
  for (const commit of commits) for (const row of rowsOf(index.postings, termOf('commit', commit))) want(row);
  const hasCommit = rowsWithCommit(index);
  const living = livingRows(index);
  const takenBack = idsTakenBack(index, living);
  const runs = new Uint8Array(kinds.length);
  kinds.forEach((kind, row) => {
    if (living[row] === 0 || !isRecord(kind)) return;
    runs[groups[row] ?? 0] = 1;
    if (hasCommit[row] === 0 || takenBack.has(ids[row] ?? 0)) want(row);
  });
  withWaiting(index, wanted, waiting);
  const others = runs.reduce((sum, run, group) => sum + (wanted[group] === 1 ? 0 : run), 0);
  return { rows: rowsOfRuns(index, wanted, waiting), others };
}

/** 1 for each row whose record names a commit. */
function rowsWithCommit({ kinds, postings }: LineIndex): Uint8Array {
  const found = new Uint8Array(kinds.length);
  for (const [, row] of pairsOf(postings, ...termRange('commit', ''))) found[row] = 1;
  return found;
}
