import { growing } from './growing.js';

/**
 * One property of rows (file names, seeds, prompt texts): the values, each as a line of JSON, and pairs of row and number of a value, by row. Whoever looks
 * for a value tests each of them once, and then walks over numbers.
 */
export interface Column {
  /** UTF-8: `"value",\n` each. */
  readonly values: Uint8Array<ArrayBuffer>;
  /** Where each of them ends, in bytes. */
  readonly ends: Uint32Array<ArrayBuffer>;
  readonly pairs: Uint32Array<ArrayBuffer>;
}

export const emptyColumn: Column = {
  values: new Uint8Array(),
  ends: new Uint32Array(),
  pairs: new Uint32Array(),
};

/** Of longer lists only the last values are looked up: to know all of them would cost more than to keep a few twice. */
const mostLookedUp = 5000;

/** A column that grows. */
export interface ColumnBuilder {
  /** @param row none that is smaller than one before */
  add(row: number, value: string): void;
  /** What it is now; it may grow on. */
  finish(): Column;
}

export function columnBuilder(column: Column): ColumnBuilder {
  const known = column.ends.length <= mostLookedUp ? valuesOf(column) : [];
  const numbers = new Map(known.map((value, number) => [value, number]));
  const values = growing(column.values);
  const ends = growing(column.ends);
  const pairs = growing(column.pairs);
  const numberOf = (value: string) => {
    const before = numbers.get(value);
    if (before !== undefined) return before;
    const text = JSON.stringify(value);
    values.append(Buffer.from(`${text},\n`));
    const number = ends.length;
    ends.push(values.length);
    if (numbers.size >= mostLookedUp) numbers.clear();
    // A copy: the value may be a piece of a large text, which would stay in memory as long as its piece.
    numbers.set(JSON.parse(text), number);
    return number;
  };
  return {
    add(row, value) {
      pairs.push(row);
      pairs.push(numberOf(value));
    },
    finish: () => ({ values: values.now(), ends: ends.now(), pairs: pairs.now() }),
  };
}

export const valuesOf = ({ values }: Column): string[] => JSON.parse(`[${textOf(values).slice(0, -2)}]`);

function valueAt({ values, ends }: Column, number: number): string {
  const start = number === 0 ? 0 : (ends[number - 1] ?? 0);
  return JSON.parse(textOf(values.subarray(start, (ends[number] ?? 0) - 2)));
}

const textOf = ({ buffer, byteOffset, length }: Uint8Array) => Buffer.from(buffer, byteOffset, length).toString('utf8');

/** Calls back with each row that has a value which fits; with one of several values the row may come again. */
export function eachFitting(column: Column, test: (value: string) => boolean, call: (row: number) => void): void {
  const fits = Uint8Array.from(valuesOf(column), (value) => Number(test(value)));
  for (let at = 0; at < column.pairs.length; at += 2) {
    if (fits[column.pairs[at + 1] ?? 0] === 1) call(column.pairs[at] ?? 0);
  }
}

/** The values of one row. */
export function cellsOf(column: Column, row: number): string[] {
  const { pairs } = column;
  let [low, high] = [0, pairs.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pairs[middle * 2] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  const values: string[] = [];
  for (let at = low * 2; at < pairs.length && pairs[at] === row; at += 2)
    values.push(valueAt(column, pairs[at + 1] ?? 0));
  return values;
}
