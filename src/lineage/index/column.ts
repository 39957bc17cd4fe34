/**
 * One property of rows (file names, seeds, prompt texts): the values, each as a line of JSON, and pairs of row and number of a value, by row. Whoever looks
 * for a value tests each of them once, and then walks over numbers.
 */
export interface Column {
  /** UTF-8: `"value",\n` each. */
  readonly values: Uint8Array;
  /** Where each of them ends, in bytes. */
  readonly ends: Uint32Array<ArrayBuffer>;
  readonly pairs: Uint32Array<ArrayBuffer>;
}

export const emptyColumn: Column = {
  values: new Uint8Array(),
  ends: new Uint32Array(),
  pairs: new Uint32Array(),
};

/** A value of a row that comes to a column. */
export type Cell = readonly [row: number, value: string];

/** Longer lists are of values that hardly ever come again: to look each up would cost more than to keep a few twice. */
const mostLookedUp = 5000;

/** Adds cells of rows that come after all those that are there. */
export function extended(column: Column, cells: readonly Cell[]): Column {
  if (cells.length === 0) return column;
  const count = column.ends.length;
  const known = count <= mostLookedUp ? valuesOf(column) : [];
  const numbers = new Map(known.map((value, number) => [value, number]));
  const added: Buffer[] = [column.values as Buffer];
  const ends: number[] = [];
  const pairs = new Uint32Array(column.pairs.length + cells.length * 2);
  pairs.set(column.pairs);
  let at = column.pairs.length;
  let end = column.values.length;
  for (const [row, value] of cells) {
    let number = numbers.get(value);
    if (number === undefined) {
      number = count + ends.length;
      numbers.set(value, number);
      const bytes = Buffer.from(`${JSON.stringify(value)},\n`);
      added.push(bytes);
      end += bytes.length;
      ends.push(end);
    }
    pairs[at++] = row;
    pairs[at++] = number;
  }
  const allEnds = new Uint32Array(count + ends.length);
  allEnds.set(column.ends);
  allEnds.set(ends, count);
  return { values: Buffer.concat(added), ends: allEnds, pairs };
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
