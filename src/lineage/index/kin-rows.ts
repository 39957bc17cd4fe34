import { deepest, filesIn, type InputsOfStates, inputsOf } from '../kinship.js';
import type { RunRecord } from '../record.js';
import type { LineIndex } from './line-index.js';
import { pairsOf } from './postings.js';
import { rowsByState } from './state-rows.js';
import { termOf, termRange } from './term.js';

/** What rows have to do with files: they made them, or took them in. Files are known by their terms. */
interface Side {
  readonly rows: Map<number, number[]>;
  readonly files: Map<number, number[]>;
}

const termOfFile = (sha256: string) => termOf('file', sha256);

/**
 * Runs that a file was made by, and what they took in, and so on; and those that took it in, and what they made: 1 for the first row of each. Too many rather than
 * too few: two files may share a term.
 * @param drafts records of the journal, through which the way may lead
 */
export function kinRows(
  index: LineIndex,
  sha256: string,
  { states, drafts }: { readonly states: InputsOfStates; readonly drafts: readonly RunRecord[] },
): Uint8Array {
  const made: Side = { rows: new Map(), files: new Map() };
  const taken: Side = { rows: new Map(), files: new Map() };
  for (const [file, row] of pairsOf(index.postings, ...termRange('file', ''))) link(made, row, file);
  for (const [id, rows] of rowsByState(index)) {
    const inputs = filesIn(states.get(id) ?? new Map());
    for (const { digest } of inputs) for (const row of rows) link(taken, row, termOfFile(digest));
  }
  drafts.forEach((record, at) => {
    const row = index.kinds.length + at;
    for (const output of record.outputs) link(made, row, termOfFile(output.sha256));
    for (const { digest } of inputsOf(record, states)) link(taken, row, termOfFile(digest));
  });
  const wanted = new Uint8Array(index.kinds.length);
  for (const row of [...follow(sha256, made, taken), ...follow(sha256, taken, made)]) {
    const group = index.groups[row];
    if (group !== undefined) wanted[group] = 1;
  }
  return wanted;
}

function link({ rows, files }: Side, row: number, file: number): void {
  append(rows, file, row);
  append(files, row, file);
}

function append(lists: Map<number, number[]>, key: number, value: number): void {
  const there = lists.get(key);
  if (there === undefined) lists.set(key, [value]);
  else there.push(value);
}

/** Rows on the way from a file through its near side to the far one, and on from there. */
function follow(sha256: string, near: Side, far: Side): ReadonlySet<number> {
  const found = new Set<number>();
  const met = new Set([termOfFile(sha256)]);
  // Whoever made the last files that are shown has to be known, too.
  for (let [step, files] = [0, [...met]]; files.length > 0 && step <= deepest + 1; step++) {
    const rows = files.flatMap((file) => near.rows.get(file) ?? []);
    for (const row of rows) found.add(row);
    files = [...new Set(rows.flatMap((row) => far.files.get(row) ?? []))].filter((file) => !met.has(file));
    for (const file of files) met.add(file);
  }
  return found;
}
