/**
 * JSON without a single object: three numbers for each key and value, in the order of the text. Of a value where it starts and ends, in
 * bytes, and which entry stands behind it and all that it holds; of a key where it starts, its number (see `keyIdAt`), and where it ends. A value
 * stands right behind its key.
 */
export interface Tape {
  readonly bytes: Buffer;
  readonly entries: Int32Array;
  /** How many numbers are in use. */
  length: number;
}

/** Numbers an entry. */
export const width = 3;

export const startOf = ({ entries }: Tape, entry: number): number => entries[entry] ?? 0;
/** Of values. */
export const endOf = ({ entries }: Tape, entry: number): number => entries[entry + 1] ?? 0;
/** The entry behind a value. */
export const behind = ({ entries }: Tape, entry: number): number => entries[entry + 2] ?? 0;

export const keyOf = ({ entries }: Tape, key: number): number => entries[key + 1] ?? 0;
export const keyEndOf = ({ entries }: Tape, key: number): number => entries[key + 2] ?? 0;

export const quote = 0x22;
export const comma = 0x2c;
export const colon = 0x3a;
export const openBrace = 0x7b;
export const openBracket = 0x5b;
export const closeBrace = 0x7d;
export const closeBracket = 0x5d;

/** The first byte of a value, which says what it is. */
export const kindOf = (tape: Tape, entry: number): number => tape.bytes[startOf(tape, entry)] ?? 0;
export const isObjectAt = (tape: Tape, entry: number): boolean => entry >= 0 && kindOf(tape, entry) === openBrace;
export const isListAt = (tape: Tape, entry: number): boolean => entry >= 0 && kindOf(tape, entry) === openBracket;
export const isStringAt = (tape: Tape, entry: number): boolean => entry >= 0 && kindOf(tape, entry) === quote;

export const isNullAt = (tape: Tape, entry: number): boolean => kindOf(tape, entry) === 0x6e;
export const isEmptyStringAt = (tape: Tape, entry: number): boolean =>
  isStringAt(tape, entry) && endOf(tape, entry) - startOf(tape, entry) === 2;

/** The entries of a list's items. */
export function itemsOf(tape: Tape, list: number): number[] {
  const items: number[] = [];
  const end = behind(tape, list);
  for (let item = list + width; item < end; item = behind(tape, item)) items.push(item);
  return items;
}

/** The value of a member; -1 where there is none of this key, or no object. */
export function memberOf(tape: Tape, object: number, key: number): number {
  if (!isObjectAt(tape, object)) return -1;
  const end = behind(tape, object);
  for (let entry = object + width; entry < end; entry = behind(tape, entry + width))
    if (keyOf(tape, entry) === key) return entry + width;
  return -1;
}

/** Digits that are the same as text and as double, with their sign. */
const safeDigits = 15;

/** A whole number as JavaScript writes it; `NaN` for any other value. */
export function wholeAt(tape: Tape, entry: number): number {
  const { bytes } = tape;
  const isNegative = kindOf(tape, entry) === 0x2d;
  const first = startOf(tape, entry) + (isNegative ? 1 : 0);
  const end = endOf(tape, entry);
  if (end - first > safeDigits) return Number.NaN;
  let number = 0;
  for (let at = first; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  if (number === 0 && isNegative) return Number.NaN;
  return isNegative ? -number : number;
}

/** A value's bytes, one a character: to compare it with others. */
export const writtenAt = (tape: Tape, entry: number): string =>
  tape.bytes.toString('latin1', startOf(tape, entry), endOf(tape, entry));
