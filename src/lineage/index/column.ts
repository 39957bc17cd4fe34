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
  const builder = columnBuilder(column);
  for (const [row, value] of cells) builder.add(row, value);
  return builder.finish();
}

/** A column that grows. */
export interface ColumnBuilder {
  add(row: number, value: string): void;
  /** What it is now; it may grow on. */
  finish(): Column;
}

export function columnBuilder(column: Column): ColumnBuilder {
  const count = column.ends.length;
  const known = count <= mostLookedUp ? valuesOf(column) : [];
  const numbers = new Map(known.map((value, number) => [value, number]));
  const texts: string[] = [];
  let pairs = new Uint32Array(column.pairs.length + 1024);
  pairs.set(column.pairs);
  let length = column.pairs.length;
  const add = (row: number, value: string) => {
    let number = numbers.get(value);
    if (number === undefined) {
      number = count + texts.length;
      const text = JSON.stringify(value);
      // A copy: the value may be a piece of a large text, which would stay in memory as long as its piece.
      numbers.set(JSON.parse(text), number);
      texts.push(`${text},\n`);
    }
    if (length + 2 > pairs.length) pairs = larger(pairs);
    pairs[length++] = row;
    pairs[length++] = number;
  };
  return { add, finish: () => ({ ...withTexts(column, texts), pairs: pairs.slice(0, length) }) };
}

function withTexts({ values, ends }: Column, texts: readonly string[]): Pick<Column, 'values' | 'ends'> {
  let end = values.length;
  const added = texts.map((text) => {
    end += Buffer.byteLength(text);
    return end;
  });
  return { values: Buffer.concat([values, Buffer.from(texts.join(''))]), ends: appended(ends, added) };
}

function larger(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(numbers.length * 2);
  all.set(numbers);
  return all;
}

function appended(before: Uint32Array, added: readonly number[]): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(before.length + added.length);
  all.set(before);
  all.set(added, before.length);
  return all;
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
