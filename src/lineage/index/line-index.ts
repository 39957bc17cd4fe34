import { type Column, emptyColumn } from './column.js';
import { emptyPostings, type Postings } from './postings.js';
import { byColumn, type RowColumn } from './row.js';

/** A blob of lines: the note on a commit, or lines that were moved out of it. */
export interface Source {
  readonly commit: string;
  readonly blob: string;
}

/** Bytes of a line's SHA-256 that are kept, to know the line again. */
export const hashBytes = 16;

/** Bytes of the name of a document, which is its SHA-256. */
export const documentBytes = 32;

/**
 * What is known of all lines without reading them. A row is one text; rows are only added, and one that stands in no source any more is as good as gone.
 */
export interface LineIndex {
  readonly sources: readonly Source[];
  /** By source: where its lines end in `places`, counted in lines. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** Row, offset and length in bytes of every line of every source. */
  readonly places: Uint32Array<ArrayBuffer>;
  readonly hashes: Uint8Array<ArrayBuffer>;
  /** `Row.run` of each row. */
  readonly runs: Float64Array<ArrayBuffer>;
  /** `Row.document` of each row. */
  readonly documents: Float64Array<ArrayBuffer>;
  /** Names of the snapshot and of the state of each row, zeros where it has none. */
  readonly snapshots: Uint8Array<ArrayBuffer>;
  readonly states: Uint8Array<ArrayBuffer>;
  /** The first row of the same run. */
  readonly groups: Uint32Array<ArrayBuffer>;
  /** `Row.kind` of each row. */
  readonly kinds: Uint8Array<ArrayBuffer>;
  /** `Row.id` of each row. */
  readonly ids: Uint32Array<ArrayBuffer>;
  readonly postings: Postings;
  readonly columns: Readonly<Record<RowColumn, Column>>;
}

export const emptyIndex = (): LineIndex => ({
  sources: [],
  ends: new Uint32Array(),
  places: new Uint32Array(),
  hashes: new Uint8Array(),
  runs: new Float64Array(),
  documents: new Float64Array(),
  snapshots: new Uint8Array(),
  states: new Uint8Array(),
  groups: new Uint32Array(),
  kinds: new Uint8Array(),
  ids: new Uint32Array(),
  postings: emptyPostings(),
  columns: byColumn(() => emptyColumn),
});

/** Where the lines of a source begin and end in `places`, counted in lines. */
export const linesOfSource = ({ ends }: LineIndex, source: number): readonly [number, number] => [
  source === 0 ? 0 : (ends[source - 1] ?? 0),
  ends[source] ?? 0,
];

/** Of a row the name of its snapshot (64 hex digits), and of its state; `undefined` where it has none. */
export const snapshotAt = ({ snapshots }: LineIndex, row: number) => documentAt(snapshots, row);
export const stateAt = ({ states }: LineIndex, row: number) => documentAt(states, row);

function documentAt({ buffer, byteOffset }: Uint8Array, row: number): string | undefined {
  const name = Buffer.from(buffer, byteOffset + row * documentBytes, documentBytes).toString('hex');
  return /^0*$/.test(name) ? undefined : name;
}

const living = new WeakMap<LineIndex, Uint8Array>();

/** 1 for each row that stands in a source. */
export function livingRows(index: LineIndex): Uint8Array {
  const known = living.get(index);
  if (known !== undefined) return known;
  const rows = new Uint8Array(index.kinds.length);
  const { places } = index;
  for (let at = 0; at < places.length; at += 3) rows[places[at] ?? 0] = 1;
  living.set(index, rows);
  return rows;
}
