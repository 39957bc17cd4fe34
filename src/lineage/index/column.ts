import type { ValueTest } from '../value-test.js';
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

const valuesOf = ({ values }: Column): string[] => JSON.parse(`[${textOf(values, 'utf8').slice(0, -2)}]`);

function valueAt({ values, ends }: Column, number: number): string {
  const start = number === 0 ? 0 : (ends[number - 1] ?? 0);
  return JSON.parse(textOf(values.subarray(start, (ends[number] ?? 0) - 2), 'utf8'));
}

const textOf = ({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>, encoding: 'utf8' | 'latin1') =>
  Buffer.from(buffer, byteOffset, length).toString(encoding);

/** Which values are looked for. */
export interface Wanted {
  readonly test: ValueTest;
  /** As `textNeedles` gives them. */
  readonly needles?: readonly string[] | undefined;
}

/**
 * Marks each row that has a value which fits.
 * @param asked 1 for each row that is looked at
 * @param found where they are marked with 1
 */
export function fittingRows(
  column: Column,
  wanted: Wanted,
  asked: Uint8Array,
  found = new Uint8Array(asked.length),
): Uint8Array {
  const rows = few(asked);
  if (rows === undefined) markAll(column, wanted, asked, found);
  else for (const row of rows) if (cellsOf(column, row).some(wanted.test)) found[row] = 1;
  return found;
}

function markAll(column: Column, wanted: Wanted, asked: Uint8Array, found: Uint8Array): void {
  const { pairs, ends } = column;
  const numbers = new Uint8Array(ends.length);
  for (let at = 0; at < pairs.length; at += 2) if (asked[pairs[at] ?? 0] === 1) numbers[pairs[at + 1] ?? 0] = 1;
  const fits = fitting(column, wanted, numbers);
  for (let at = 0; at < pairs.length; at += 2) {
    const row = pairs[at] ?? 0;
    if (fits[pairs[at + 1] ?? 0] === 1 && asked[row] === 1) found[row] = 1;
  }
}

/** To look one row up costs as much as to walk over so many. */
const costOfRow = 100;

/** The rows that are asked for, where they are few. */
function few(asked: Uint8Array): number[] | undefined {
  const rows: number[] = [];
  for (let row = 0; row < asked.length; row++) {
    if (asked[row] === 1 && rows.push(row) * costOfRow > asked.length) return undefined;
  }
  return rows;
}

/** To read one value by itself costs as much as so many in a row. */
const costOfOne = 8;

/** 1 for each value that fits. @param asked 1 for each that is looked at; it is changed */
function fitting(column: Column, { test, needles }: Wanted, asked: Uint8Array): Uint8Array {
  if (needles !== undefined) keepHolding(column, needles, asked);
  let count = 0;
  for (let at = 0; at < asked.length; at++) count += asked[at] ?? 0;
  const values = count * costOfOne > asked.length ? valuesOf(column) : undefined;
  for (let at = 0; at < asked.length; at++) {
    if (asked[at] === 1 && !test(values?.[at] ?? valueAt(column, at))) asked[at] = 0;
  }
  return asked;
}

/** Takes those out that hold none of the needles. All values are gone through as one text, which is many times as fast as one after the other. */
function keepHolding(column: Column, needles: readonly string[], asked: Uint8Array): void {
  // A character that is not ASCII is several here, none of which is ASCII. What it would be in lower case this text does not tell: such values stay.
  const text = textOf(column.values, 'latin1');
  const holds = new Uint8Array(asked.length);
  eachNumberAt(column, places(text, /[\x80-\xff]/g), (number) => (holds[number] = 1));
  const small = text.toLowerCase();
  for (const needle of needles) {
    eachNumberAt(
      column,
      (from) => small.indexOf(needle, from),
      (number) => (holds[number] = 1),
    );
  }
  for (let at = 0; at < asked.length; at++) if (holds[at] === 0) asked[at] = 0;
}

/** Where something stands at or after a place; -1 where nowhere. */
type Search = (from: number) => number;

function places(text: string, pattern: RegExp): Search {
  return (from) => {
    pattern.lastIndex = from;
    return pattern.exec(text)?.index ?? -1;
  };
}

/** Calls back with each value in which a search finds something, once. */
function eachNumberAt({ ends }: Column, search: Search, call: (number: number) => void): void {
  let number = 0;
  for (let place = search(0); place >= 0; place = search(ends[number] ?? 0)) {
    number = firstAfter(ends, place, number);
    call(number);
  }
}

/** The first value that ends after a place. */
function firstAfter(ends: Uint32Array, place: number, from: number): number {
  let [low, high] = [from, ends.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return low;
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
