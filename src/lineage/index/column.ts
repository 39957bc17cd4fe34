/**
 * One property of rows (file names, seeds, prompt texts): the values, each as a line of JSON, and pairs of row and number of a value, by row. Whoever looks
 * for a value tests each of them once, and then walks over numbers.
 */
export interface Column {
  readonly count: number;
  /** UTF-8: `"value",\n` each. */
  readonly values: Uint8Array;
  readonly pairs: Uint32Array<ArrayBuffer>;
}

export const emptyColumn: Column = { count: 0, values: new Uint8Array(), pairs: new Uint32Array() };

/** A value of a row that comes to a column. */
export type Cell = readonly [row: number, value: string];

/** Longer lists are of values that hardly ever come again: to look each up would cost more than to keep a few twice. */
const mostLookedUp = 5000;

/** Adds cells of rows that come after all those that are there. */
export function extended(column: Column, cells: readonly Cell[]): Column {
  if (cells.length === 0) return column;
  const known = column.count <= mostLookedUp ? valuesOf(column) : [];
  const numbers = new Map(known.map((value, number) => [value, number]));
  const added: string[] = [];
  const pairs = new Uint32Array(column.pairs.length + cells.length * 2);
  pairs.set(column.pairs);
  let at = column.pairs.length;
  for (const [row, value] of cells) {
    let number = numbers.get(value);
    if (number === undefined) {
      number = column.count + added.length;
      numbers.set(value, number);
      added.push(`${JSON.stringify(value)},\n`);
    }
    pairs[at++] = row;
    pairs[at++] = number;
  }
  const values = Buffer.concat([column.values, Buffer.from(added.join(''))]);
  return { count: column.count + added.length, values, pairs };
}

export function valuesOf({ values }: Column): string[] {
  return JSON.parse(`[${Buffer.from(values.buffer, values.byteOffset, values.length).toString('utf8').slice(0, -2)}]`);
}

/** Calls back with each row that has a value which fits; with one of several values the row may come again. */
export function eachFitting(column: Column, test: (value: string) => boolean, call: (row: number) => void): void {
  const fits = Uint8Array.from(valuesOf(column), (value) => Number(test(value)));
  for (let at = 0; at < column.pairs.length; at += 2) {
    if (fits[column.pairs[at + 1] ?? 0] === 1) call(column.pairs[at] ?? 0);
  }
}

/** The values of one row. */
export function cellsOf({ pairs }: Column, row: number): number[] {
  let [low, high] = [0, pairs.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pairs[middle * 2] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  const numbers: number[] = [];
  for (let at = low * 2; pairs[at] === row && at < pairs.length; at += 2) numbers.push(pairs[at + 1] ?? 0);
  return numbers;
}
