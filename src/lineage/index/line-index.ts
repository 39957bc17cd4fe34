import { type Column, emptyColumn } from './column.js';
import type { Postings } from './postings.js';
import { type RowColumn, rowColumns } from './row.js';

/** A blob of lines: the note on a commit, or lines that were moved out of it. */
export interface Source {
  readonly commit: string;
  readonly blob: string;
}

/** Bytes of a line's SHA-256 that are kept, to know the line again. */
export const hashBytes = 16;

/**
 * What is known of all lines without reading them. A row is one text; rows are only added, and one that stands in no source any more is as good as gone.
 */
export interface LineIndex {
  readonly sources: readonly Source[];
  /** By source: where its lines end in `places`, counted in lines. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** Row, offset and length in bytes of every line of every source. */
  readonly places: Uint32Array<ArrayBuffer>;
  readonly hashes: Uint8Array;
  /** `Row.run` of each row. */
  readonly runs: Float64Array<ArrayBuffer>;
  /** `Row.document` of each row. */
  readonly documents: Float64Array<ArrayBuffer>;
  /** The first row of the same run. */
  readonly groups: Uint32Array<ArrayBuffer>;
  /** `Row.kind` of each row. */
  readonly kinds: Uint8Array;
  /** `Row.id` of each row. */
  readonly ids: Uint32Array<ArrayBuffer>;
  readonly postings: Postings;
  readonly columns: Readonly<Record<RowColumn, Column>>;
}

const emptyColumns = () => Object.fromEntries(rowColumns.map((name) => [name, emptyColumn]));

export const emptyIndex = (): LineIndex => ({
  sources: [],
  ends: new Uint32Array(),
  places: new Uint32Array(),
  hashes: new Uint8Array(),
  runs: new Float64Array(),
  documents: new Float64Array(),
  groups: new Uint32Array(),
  kinds: new Uint8Array(),
  ids: new Uint32Array(),
  postings: new Uint32Array(),
  columns: emptyColumns() as Record<RowColumn, Column>,
});

/** Where the lines of a source begin and end in `places`, counted in lines. */
export const linesOfSource = ({ ends }: LineIndex, source: number): readonly [number, number] => [
  source === 0 ? 0 : (ends[source - 1] ?? 0),
  ends[source] ?? 0,
];

/** 1 for each row that stands in a source. */
export function livingRows({ kinds, places }: LineIndex): Uint8Array {
  const living = new Uint8Array(kinds.length);
  for (let at = 0; at < places.length; at += 3) living[places[at] ?? 0] = 1;
  return living;
}
