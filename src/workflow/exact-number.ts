import { canonicalJson, type ExactNumber, isArray, isExact, isNumber, isObject, type Json } from './json.js';

/**
 * One text for all spellings of a number: `7`, `7.0` and `7e0` give `7`; integers keep every digit (seeds reach 2^64-1);
 * other numbers are those of the nearest double. `NaN` and the infinities stay words.
 */
export function sameNumberText(value: number | ExactNumber): string {
  const lexeme = isExact(value) ? value.lexeme : String(value);
  const integer = /^(-?\d+)(?:\.0*)?$/.exec(lexeme)?.[1];
  if (integer === undefined) return doubleText(Number(lexeme));
  // JSON writes integers without leading zeros, so there is nothing to calculate, however long they are.
  return integer === '-0' ? '0' : integer;
}

/** Integral doubles below 2^53 are written as the integer they are; `-0` is 0. */
const doubleText = (double: number) => (Number.isSafeInteger(double) ? BigInt(double).toString() : String(double));

/** A value with all its numbers in that one text: the server writes `7.0` for `7`. */
export function sameNumbers(value: Json): Json {
  if (isArray(value)) return value.map(sameNumbers);
  if (isObject(value)) return new Map([...value].map(([key, item]) => [key, sameNumbers(item)]));
  return isNumber(value) ? { lexeme: sameNumberText(value) } : value;
}

/** One text for values that compute the same; the empty one where there is none. */
export const sameValueText = (value: Json | undefined): string =>
  value === undefined ? '' : canonicalJson(sameNumbers(value));
