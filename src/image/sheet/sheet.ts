/** A picture of a sheet as a small PNG, or why there is none. */
export type SheetCell =
  | { readonly png: Buffer; readonly name: string }
  | { readonly missing: string; readonly name: string };

/** Pictures in rows and columns: what a column is stands above it, what a row is before it. */
export interface SheetTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly SheetCell[] }[];
}

/** Pictures that were varied from one. */
export interface Sheet {
  readonly title: string;
  /** How it was made: how many, in what time. */
  readonly note: string;
  readonly original: SheetCell;
  readonly tables: readonly SheetTable[];
}

/** A sheet of many thousand pictures must still open in a viewer; samples of all its pictures together. */
const mostSamples = 24_000_000;
const longest = 384;
const shortest = 24;

/** Longest side of a picture on a sheet of so many, in samples. */
export const pictureSide = (count: number): number =>
  Math.max(shortest, Math.min(longest, Math.floor(Math.sqrt(mostSamples / Math.max(1, count)))));
