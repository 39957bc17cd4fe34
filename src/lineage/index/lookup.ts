import { matchOrder } from '../query.js';
import { isByDigits, type Question, type QuestionPart } from '../question.js';
import type { RunRecord } from '../record.js';
import { recordId, writeRecord } from '../record-line.js';
import { type LineIndex, linesOfSource, livingRows } from './line-index.js';
import { pairsOf, rowsOf } from './postings.js';
import { isRecord, rowKind, runOf } from './row.js';
import { groupOf } from './row-builder.js';
import { type TermKey, termOf, termRange, underKey } from './term.js';

const keyOfPart: Readonly<Record<QuestionPart, TermKey>> = {
  files: 'file',
  pixels: 'pixels',
  identities: 'identity',
  prompts: 'prompt',
  commits: 'commit',
  records: 'record',
  madeFrom: 'madeFrom',
  normals: 'normal',
};

/**
 * Rows that may answer a question: too many rather than too few.
 * @param waiting records of the journal; what the index has of their runs belongs to them
 */
export function rowsAbout(index: LineIndex, question: Question, waiting: readonly RunRecord[]): number[] {
  const living = livingRows(index);
  const wanted = new Uint8Array(index.kinds.length);
  for (const row of hits(index, question, living)) wanted[index.groups[row] ?? 0] = 1;
  return rowsOfRuns(index, withWaiting(index, wanted, waiting), waiting);
}

/** The runs of records of the journal besides; `wanted` is changed. */
export function withWaiting(index: LineIndex, wanted: Uint8Array, waiting: readonly RunRecord[]): Uint8Array {
  for (const record of waiting) {
    const group = groupOf(index, runOf(record));
    if (group !== undefined) wanted[group] = 1;
  }
  return wanted;
}

/**
 * All lines of runs, what is said of them (labels, what was taken back), and lines that nobody could read.
 * @param wanted 1 for the first row of each run
 * @param waiting records of the journal: the notes may say something of them before they have a line there
 */
export function rowsOfRuns(index: LineIndex, wanted: Uint8Array, waiting: readonly RunRecord[]): number[] {
  const { groups, kinds, ids } = index;
  const living = livingRows(index);
  const records: number[] = [];
  const rows: number[] = [];
  kinds.forEach((kind, row) => {
    if (living[row] === 0) return;
    if (kind === rowKind.unreadable) rows.push(row);
    else if (isRecord(kind) && wanted[groups[row] ?? 0] === 1) records.push(row);
  });
  const unfolded = waiting.map((record) => termOf('record', recordId(writeRecord(record))));
  return [...rows, ...records, ...rowsOn(index, [...records.map((row) => ids[row] ?? 0), ...unfolded], living)];
}

/** Labels and tombstones of lines, and tombstones of those labels. */
function rowsOn({ postings, ids, kinds }: LineIndex, lines: readonly number[], living: Uint8Array): number[] {
  const found = new Set<number>();
  const collect = (terms: readonly number[]) => {
    for (const term of terms) {
      for (const on of rowsOf(postings, underKey(term, 'of'))) if (living[on] === 1) found.add(on);
    }
  };
  collect(lines);
  collect([...found].filter((row) => kinds[row] === rowKind.label).map((row) => ids[row] ?? 0));
  return [...found];
}

function* hits(index: LineIndex, { waiting = false, ...parts }: Question, living: Uint8Array): Generator<number> {
  for (const [part, values] of Object.entries(parts) as [QuestionPart, readonly string[]][]) {
    const key = keyOfPart[part];
    for (const value of values) {
      const [low, high] = isByDigits(part) ? termRange(key, value) : [termOf(key, value), termOf(key, value)];
      for (const row of rowsOf(index.postings, low, high)) if (living[row] === 1) yield row;
    }
  }
  if (parts.commits !== undefined) yield* rowsAt(index, new Set(parts.commits));
  if (waiting) yield* waitingRows(index, living);
}

/** Rows of the notes on these commits. */
export function* rowsAt(index: LineIndex, commits: ReadonlySet<string>): Generator<number> {
  for (const [source, { commit }] of index.sources.entries()) {
    if (!commits.has(commit)) continue;
    const [from, to] = linesOfSource(index, source);
    for (let at = from; at < to; at++) yield index.places[at * 3] ?? 0;
  }
}

/** First rows of runs none of whose lines has a good match; one that may be taken back does not count. */
export function* waitingRows(index: LineIndex, living: Uint8Array): Generator<number> {
  const { kinds, groups, ids } = index;
  const good = matchOrder.indexOf('derived');
  const takenBack = idsTakenBack(index, living);
  const best = new Uint8Array(kinds.length).fill(rowKind.unreadable);
  kinds.forEach((kind, row) => {
    if (living[row] === 0 || !isRecord(kind)) return;
    const counted = takenBack.has(ids[row] ?? 0) ? Math.max(kind, good) : kind;
    const group = groups[row] ?? 0;
    if (counted < (best[group] ?? 0)) best[group] = counted;
  });
  for (const [group, kind] of best.entries()) if (isRecord(kind) && kind >= good) yield group;
}

/** Terms of the ids that tombstones name. */
export function idsTakenBack({ postings, kinds }: LineIndex, living: Uint8Array): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [term, row] of pairsOf(postings, ...termRange('of', ''))) {
    if (living[row] === 1 && kinds[row] === rowKind.tombstone) found.add(underKey(term, 'record'));
  }
  return found;
}
