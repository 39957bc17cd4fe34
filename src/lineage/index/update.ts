import { createHash } from 'node:crypto';
import { type Cell, extended } from './column.js';
import { emptyIndex, hashBytes, type LineIndex, linesOfSource, livingRows, type Source } from './line-index.js';
import { mergedPostings, rowsOf, sortedPostings } from './postings.js';
import { type Row, type RowColumn, rowColumns, rowOf } from './row.js';
import { hasKey, termOf } from './term.js';

/** An index on its way from one state of the refs to another. */
export interface Update {
  /** Sources that have to be read, since the index does not know them. */
  readonly missing: readonly Source[];
  add(source: Source, bytes: Buffer): void;
  finish(): LineIndex;
}

/** Begins anew where more than half of the rows would be of no use. */
const mostGone = 0.5;

/** By difference: what the index knows of sources that are still there is kept as it is. @param now all sources there are */
export function startUpdate(old: LineIndex, now: readonly Source[]): Update {
  const known = new Map(old.sources.map((source, at) => [keyOf(source), at]));
  const kept = now.flatMap((source) => known.get(keyOf(source)) ?? []);
  const missing = now.filter((source) => !known.has(keyOf(source)));
  return { missing, ...collect(old, kept) };
}

const keyOf = ({ commit, blob }: Source) => `${commit} ${blob}`;

function collect(old: LineIndex, kept: readonly number[]): Pick<Update, 'add' | 'finish'> {
  const rows: Row[] = [];
  const hashes: Buffer[] = [];
  const fresh = new Map<string, number>();
  const sources: Source[] = kept.map((at) => old.sources[at] as Source);
  const places: number[] = [];
  const ends: number[] = [];
  const before = old.kinds.length;
  const rowFor = (bytes: Buffer) => {
    const hash = createHash('sha256').update(bytes).digest();
    const key = hash.toString('latin1', 0, hashBytes);
    const known = fresh.get(key) ?? oldRow(old, hash);
    if (known !== undefined) return known;
    const row = before + rows.length;
    rows.push(rowOf(bytes.toString('utf8'), hash.toString('hex')));
    hashes.push(hash.subarray(0, hashBytes));
    fresh.set(key, row);
    return row;
  };
  return {
    add(source, bytes) {
      for (const [start, end] of lineEnds(bytes)) places.push(rowFor(bytes.subarray(start, end)), start, end - start);
      sources.push(source);
      ends.push(places.length / 3);
    },
    finish: () => compact(old, { ...withRows(old, rows, hashes), ...placesOf(old, kept, sources, places, ends) }),
  };
}

function* lineEnds(bytes: Buffer): Generator<readonly [start: number, end: number]> {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    if (end > start) yield [start, end];
    start = end + 1;
  }
}

function oldRow({ postings, hashes }: LineIndex, hash: Buffer): number | undefined {
  for (const row of rowsOf(postings, termOf('line', hash.toString('hex', 0, 4)))) {
    if (hash.compare(hashes, row * hashBytes, (row + 1) * hashBytes, 0, hashBytes) === 0) return row;
  }
  return undefined;
}

function placesOf(
  old: LineIndex,
  kept: readonly number[],
  sources: readonly Source[],
  added: readonly number[],
  ends: readonly number[],
): Pick<LineIndex, 'sources' | 'places' | 'ends'> {
  const parts = kept
    .map((source) => linesOfSource(old, source))
    .map(([from, to]) => old.places.subarray(from * 3, to * 3));
  const before = parts.reduce((sum, { length }) => sum + length, 0);
  const places = new Uint32Array(before + added.length);
  const all: number[] = [];
  let at = 0;
  for (const part of parts) {
    places.set(part, at);
    at += part.length;
    all.push(at / 3);
  }
  places.set(added, before);
  return { sources, places, ends: Uint32Array.from([...all, ...ends.map((end) => end + before / 3)]) };
}

function withRows(old: LineIndex, rows: readonly Row[], hashes: readonly Buffer[]) {
  if (rows.length === 0) return old;
  const first = old.kinds.length;
  const runs = joined(
    Float64Array,
    old.runs,
    rows.map(({ run }) => run),
  );
  const pairs = rows.flatMap(({ terms }, at) => terms.flatMap((term) => [term, first + at]));
  const columns = rowColumns.map((name) => [name, extended(old.columns[name], cellsOf(rows, first, name))]);
  return {
    hashes: Buffer.concat([old.hashes, ...hashes]),
    runs,
    documents: joined(
      Float64Array,
      old.documents,
      rows.map(({ document }) => document),
    ),
    groups: joined(Uint32Array, old.groups, groupsOf(old, rows)),
    kinds: joined(
      Uint8Array,
      old.kinds,
      rows.map(({ kind }) => kind),
    ),
    ids: joined(
      Uint32Array,
      old.ids,
      rows.map(({ id }) => id),
    ),
    postings: mergedPostings(old.postings, sortedPostings(pairs)),
    columns: Object.fromEntries(columns) as LineIndex['columns'],
  };
}

const cellsOf = (rows: readonly Row[], first: number, name: RowColumn): Cell[] =>
  rows.flatMap(({ cells }, at) => (cells[name] ?? []).map((value): Cell => [first + at, value]));

interface Numbers {
  readonly length: number;
  set(from: ArrayLike<number>, at?: number): void;
}

function joined<T extends Numbers>(make: new (length: number) => T, old: T, added: readonly number[]): T {
  const all = new make(old.length + added.length);
  all.set(old as unknown as ArrayLike<number>);
  all.set(added, old.length);
  return all;
}

function groupsOf(old: LineIndex, rows: readonly Row[]): number[] {
  const fresh = new Map<number, number>();
  return rows.map(({ run, terms }, at) => {
    const row = old.kinds.length + at;
    if (run === 0) return row;
    const term = terms.find((one) => hasKey(one, 'run')) ?? 0;
    const group = fresh.get(run) ?? groupOf(old, { run, term }) ?? row;
    fresh.set(run, group);
    return group;
  });
}

/** The group of a run that the index has. @param term the run's */
export function groupOf(
  { runs, groups, postings }: LineIndex,
  { run, term }: { readonly run: number; readonly term: number },
): number | undefined {
  for (const row of rowsOf(postings, term)) if (runs[row] === run) return groups[row];
  return undefined;
}

/** Nothing at all where too much of it would be of no use: then it is made from all sources again. */
function compact(old: LineIndex, index: LineIndex): LineIndex {
  if (old.kinds.length === 0) return index;
  const living = livingRows(index).reduce((sum, one) => sum + one, 0);
  return living < index.kinds.length * (1 - mostGone) ? emptyIndex() : index;
}
