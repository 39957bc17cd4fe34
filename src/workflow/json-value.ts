/** A number whose text JavaScript would change: `18446744073709551615`, `7.0`, `1e-5`, `NaN`, `-Infinity`. */
export interface ExactNumber {
  readonly lexeme: string;
}

/** Keeps the order of keys as written, also of `"10"` before `"9"`, and treats `__proto__` as any other key. */
export type JsonObject = Map<string, Json>;

/** A JSON value that loses nothing of its text but white space and the spelling of escapes. */
export type Json = null | boolean | number | string | ExactNumber | Json[] | JsonObject;

export const isObject = (value: Json | undefined): value is JsonObject => value instanceof Map;

export const isArray = (value: Json | undefined): value is Json[] => Array.isArray(value);

export const isExact = (value: Json | undefined): value is ExactNumber =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);

export const isNumber = (value: Json | undefined): value is number | ExactNumber =>
  typeof value === 'number' || isExact(value);

/** The texts in an array; none in anything else. */
export const stringsIn = (value: Json | undefined): string[] =>
  isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** The nearest double; `undefined` for what is not a number. */
export function toDouble(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return isExact(value) ? Number(value.lexeme) : undefined;
}

/** A number from its text: a plain `number` where JavaScript writes it back the same way. */
export function numberFromLexeme(lexeme: string): number | ExactNumber {
  const double = Number(lexeme);
  return String(double) === lexeme && Number.isFinite(double) ? double : { lexeme };
}
