import { InputError } from '../errors.js';

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

export interface JsonLimits {
  /** Length of the text in UTF-16 code units. */
  readonly maxLength: number;
  /** Objects and lists inside each other. */
  readonly maxDepth: number;
}

/** 64 Mi characters; the deepest workflow seen in the wild nests 14 levels, Node's stack holds far more than 256. */
export const defaultLimits: JsonLimits = { maxLength: 64 * 1024 * 1024, maxDepth: 256 };

/**
 * Parses JSON as ComfyUI writes it (RFC 8259 plus the bare words `NaN`, `Infinity`, `-Infinity` of Python's json module).
 * @throws InputError `json-syntax`, `json-duplicate-key`, `json-too-deep`, `json-too-large`
 */
export function parseJson(text: string, limits: JsonLimits = defaultLimits): Json {
  if (text.length > limits.maxLength) {
    throw new InputError('json-too-large', `JSON of ${text.length} characters is larger than ${limits.maxLength}`);
  }
  const reader: Reader = { text, at: text.charCodeAt(0) === 0xfeff ? 1 : 0, maxDepth: limits.maxDepth };
  const value = readValue(reader, 0);
  skipSpace(reader);
  if (reader.at < text.length) throw syntax(reader);
  return value;
}

interface Reader {
  readonly text: string;
  readonly maxDepth: number;
  at: number;
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these unescaped
const plainString = /"[^"\\\u0000-\u001f]*"/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these unescaped
const anyString = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
const words: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', { lexeme: 'NaN' }],
  ['Infinity', { lexeme: 'Infinity' }],
  ['-Infinity', { lexeme: '-Infinity' }],
];

function readValue(reader: Reader, depth: number): Json {
  skipSpace(reader);
  const code = reader.text.charCodeAt(reader.at);
  if (code === 0x22) return readString(reader);
  if (code === 0x7b) return readObject(reader, deeper(reader, depth));
  if (code === 0x5b) return readArray(reader, deeper(reader, depth));
  number.lastIndex = reader.at;
  const lexeme = number.exec(reader.text)?.[0];
  if (lexeme !== undefined) {
    reader.at += lexeme.length;
    return numberFromLexeme(lexeme);
  }
  for (const [word, value] of words) {
    if (reader.text.startsWith(word, reader.at)) {
      reader.at += word.length;
      return value;
    }
  }
  throw syntax(reader);
}

function readObject(reader: Reader, depth: number): JsonObject {
  const object: JsonObject = new Map();
  reader.at++;
  if (takes(reader, 0x7d)) return object;
  do {
    skipSpace(reader);
    if (reader.text.charCodeAt(reader.at) !== 0x22) throw syntax(reader);
    const key = readString(reader);
    if (object.has(key)) {
      throw new InputError('json-duplicate-key', `JSON has the key ${JSON.stringify(key)} twice${place(reader)}`);
    }
    if (!takes(reader, 0x3a)) throw syntax(reader);
    object.set(key, readValue(reader, depth));
  } while (takes(reader, 0x2c));
  if (!takes(reader, 0x7d)) throw syntax(reader);
  return object;
}

function readArray(reader: Reader, depth: number): Json[] {
  const list: Json[] = [];
  reader.at++;
  if (takes(reader, 0x5d)) return list;
  do list.push(readValue(reader, depth));
  while (takes(reader, 0x2c));
  if (!takes(reader, 0x5d)) throw syntax(reader);
  return list;
}

function readString(reader: Reader): string {
  plainString.lastIndex = reader.at;
  const plain = plainString.exec(reader.text)?.[0];
  if (plain !== undefined) {
    reader.at += plain.length;
    return plain.slice(1, -1);
  }
  anyString.lastIndex = reader.at;
  const quoted = anyString.exec(reader.text)?.[0];
  if (quoted === undefined) throw syntax(reader);
  try {
    const value: string = JSON.parse(quoted);
    reader.at += quoted.length;
    return value;
  } catch {
    throw syntax(reader);
  }
}

function deeper(reader: Reader, depth: number): number {
  if (depth < reader.maxDepth) return depth + 1;
  throw new InputError('json-too-deep', `JSON nests deeper than ${reader.maxDepth} levels${place(reader)}`);
}

/** Skips white space, then steps over the character if it is the next one. */
function takes(reader: Reader, code: number): boolean {
  skipSpace(reader);
  if (reader.text.charCodeAt(reader.at) !== code) return false;
  reader.at++;
  return true;
}

function skipSpace(reader: Reader): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    reader.at++;
  }
}

const syntax = (reader: Reader) => new InputError('json-syntax', `not JSON${place(reader)}`);

function place(reader: Reader): string {
  const before = reader.text.slice(0, reader.at).split('\n');
  return ` at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/**
 * One line of JSON, every number as it was read. `gap` goes after `,` and `:` (`' '` is how Python's `json.dumps` writes).
 * Lone surrogates come out escaped, so the text is always valid UTF-8.
 */
export function writeJson(value: Json, gap: '' | ' ' = ''): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => writeJson(item, gap)).join(`,${gap}`)}]`;
  if (value instanceof Map) {
    const parts: string[] = [];
    for (const [key, item] of value) parts.push(`${JSON.stringify(key)}:${gap}${writeJson(item, gap)}`);
    return `{${parts.join(`,${gap}`)}}`;
  }
  return value.lexeme;
}

/** Canonical text for hashing: no spaces, keys sorted by code point, numbers as they were read. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!(value instanceof Map)) return writeJson(value);
  const keys = [...value.keys()].sort(byCodePoint);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value.get(key) ?? null)}`).join(',')}}`;
}

/** Order of code points; JavaScript's own `<` compares UTF-16 units, which differs above U+FFFF. */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** From plain JavaScript values (objects, arrays, strings, finite numbers, booleans, null); `undefined` members are left out. */
export function fromPlain(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number')
    return value;
  if (Array.isArray(value)) return value.map(fromPlain);
  if (value instanceof Map || isExact(value as Json)) {
    if (value instanceof Map || typeof (value as ExactNumber).lexeme === 'string') return value as Json;
  }
  const members = Object.entries(value as object).filter(([, item]) => item !== undefined);
  return new Map(members.map(([key, item]) => [key, fromPlain(item)]));
}

/** To plain JavaScript values; exact numbers become their text, so that nothing is rounded silently. */
export function toPlain(value: Json): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => [key, toPlain(item)] as const);
    return Object.fromEntries(entries);
  }
  return isExact(value) ? value.lexeme : value;
}
