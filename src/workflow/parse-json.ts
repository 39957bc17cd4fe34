import { InputError } from '../errors.js';
import { type ExactNumber, type Json, type JsonObject, numberFromLexeme } from './json-value.js';

export interface JsonLimits {
  /** Length of the text in UTF-16 code units. */
  readonly maxLength: number;
  /** Objects and lists inside each other. */
  readonly maxDepth: number;
}

/** 64 Mi characters; the deepest workflow seen in the wild nests 14 levels, Node's stack holds far more than 256. */
export const defaultLimits: JsonLimits = { maxLength: 64 * 1024 * 1024, maxDepth: 256 };

/** Of workflows and prompts, wherever they are read: each takes about ten times its text in memory. The filter hands on what is larger. */
export const workflowLimits: JsonLimits = { maxLength: 32 * 1024 * 1024, maxDepth: 256 };

/**
 * Parses JSON as ComfyUI writes it (RFC 8259 plus the bare words `NaN`, `Infinity`, `-Infinity` of Python's json module).
 * @throws InputError `json-syntax`, `json-duplicate-key`, `json-too-deep`, `json-too-large`
 */
export function parseJson(text: string, limits: JsonLimits = defaultLimits): Json {
  if (text.length > limits.maxLength) {
    throw new InputError('json-too-large', `JSON of ${text.length} characters is larger than ${limits.maxLength}`);
  }
  const reader = readerOf(text, text.charCodeAt(0) === 0xfeff ? 1 : 0, limits);
  const value = readValue(reader, 0);
  skipSpace(reader);
  if (reader.at < text.length) throw syntax(reader);
  return value;
}

/**
 * The members of an object that stand before `key` (all where there is none): of a large document its beginning may be all that is wanted.
 * @throws as `parseJson`, for what was read
 */
export function parseBefore(text: string, key: string): JsonObject {
  const reader = readerOf(text, 0, defaultLimits);
  skipSpace(reader);
  if (reader.codes[reader.at] !== 0x7b) throw syntax(reader);
  return readObject(reader, 1, key);
}

/** As `parseJson`; `undefined` for text that is not JSON, or over a limit. */
export function tryParseJson(text: string, limits?: JsonLimits): Json | undefined {
  try {
    return parseJson(text, limits);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

interface Reader {
  readonly text: string;
  /** The code units of the text and a 0 behind them: to ask a string for each costs several times as much. */
  readonly codes: Uint16Array;
  readonly maxDepth: number;
  /** Short texts read so far, by a number made of their ends; a power of two of them. Not worth making for a small document. */
  readonly texts: (string | undefined)[] | undefined;
  at: number;
}

const readerOf = (text: string, at: number, { maxDepth }: JsonLimits): Reader => ({
  text,
  codes: codesOf(text),
  at,
  maxDepth,
  texts: text.length < 8192 ? undefined : new Array<string | undefined>(512).fill(undefined),
});

function codesOf(text: string): Uint16Array {
  const codes = new Uint16Array(text.length + 1);
  const bytes = Buffer.from(codes.buffer);
  bytes.write(text, 'utf16le');
  if (isBigEndian) bytes.swap16();
  return codes;
}

const isBigEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;

const quote = 0x22;
const backslash = 0x5c;
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
  const code = reader.codes[reader.at];
  if (code === quote) return readString(reader);
  if (code === 0x7b) return readObject(reader, deeper(reader, depth));
  if (code === 0x5b) return readArray(reader, deeper(reader, depth));
  return readNumber(reader) ?? readWord(reader);
}

function readWord(reader: Reader): Json {
  for (const [word, value] of words) {
    if (reader.text.startsWith(word, reader.at)) {
      reader.at += word.length;
      return value;
    }
  }
  throw syntax(reader);
}

function readObject(reader: Reader, depth: number, before?: string): JsonObject {
  const object: JsonObject = new Map();
  reader.at++;
  if (takes(reader, 0x7d)) return object;
  do {
    skipSpace(reader);
    if (reader.codes[reader.at] !== quote) throw syntax(reader);
    const key = readString(reader);
    if (key === before) return object;
    if (!takes(reader, 0x3a)) throw syntax(reader);
    const size = object.size;
    object.set(key, readValue(reader, depth));
    if (object.size === size) {
      throw new InputError('json-duplicate-key', `JSON has the key ${JSON.stringify(key)} twice${place(reader)}`);
    }
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

/** By hand for what most strings are; a regular expression costs twice the time here. */
function readString(reader: Reader): string {
  const { text, codes } = reader;
  const start = reader.at + 1;
  let at = start;
  let code = codes[at] ?? 0;
  while (code >= 0x20 && code !== quote && code !== backslash) code = codes[++at] ?? 0;
  if (code !== quote) return readEscapedString(reader, at);
  reader.at = at + 1;
  return reader.texts === undefined || at - start > longestShared
    ? text.slice(start, at)
    : shared(reader, reader.texts, start, at);
}

const longestShared = 24;

/** Keys and types stand in a file thousands of times: one text for all of them spares memory, and hashing it again for each object. */
function shared({ text, codes }: Reader, texts: (string | undefined)[], start: number, end: number): string {
  const length = end - start;
  const place = ((codes[start] ?? 0) * 31 + (codes[end - 1] ?? 0) * 7 + length) & (texts.length - 1);
  const known = texts[place];
  if (known !== undefined && known.length === length && text.startsWith(known, start)) return known;
  const made = text.slice(start, end);
  texts[place] = made;
  return made;
}

/** @param from the first character that is not plain */
function readEscapedString(reader: Reader, from: number): string {
  const { text, codes } = reader;
  let at = from;
  let code = codes[at] ?? 0;
  while (code >= 0x20 && code !== quote) {
    at += code === backslash ? 2 : 1;
    code = codes[at] ?? 0;
  }
  if (code !== quote) throw syntax(reader);
  try {
    const value: string = JSON.parse(text.slice(reader.at, at + 1));
    reader.at = at + 1;
    return value;
  } catch {
    throw syntax(reader);
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Whole numbers of so many digits are the same as text and as double. */
const safeDigits = 15;

function readNumber(reader: Reader): number | ExactNumber | undefined {
  const { text, codes, at: start } = reader;
  const sign = codes[start] === 0x2d ? 1 : 0;
  let at = start + sign;
  let value = 0;
  let code = codes[at] ?? 0;
  while (code >= 0x30 && code <= 0x39) {
    value = value * 10 + (code - 0x30);
    code = codes[++at] ?? 0;
  }
  const digits = at - start - sign;
  const whole = code !== 0x2e && code !== 0x65 && code !== 0x45;
  // `0`, `-0` and leading zeros are left to the general rule.
  if (whole && value > 0 && digits <= safeDigits && codes[start + sign] !== 0x30) {
    reader.at = at;
    return sign === 1 ? -value : value;
  }
  number.lastIndex = start;
  const lexeme = number.exec(text)?.[0];
  if (lexeme === undefined) return undefined;
  reader.at += lexeme.length;
  return numberFromLexeme(lexeme);
}

function deeper(reader: Reader, depth: number): number {
  if (depth < reader.maxDepth) return depth + 1;
  throw new InputError('json-too-deep', `JSON nests deeper than ${reader.maxDepth} levels${place(reader)}`);
}

/** Skips white space, then steps over the character if it is the next one. */
function takes(reader: Reader, code: number): boolean {
  skipSpace(reader);
  if (reader.codes[reader.at] !== code) return false;
  reader.at++;
  return true;
}

function skipSpace(reader: Reader): void {
  for (;;) {
    const code = reader.codes[reader.at];
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    reader.at++;
  }
}

const syntax = (reader: Reader) => new InputError('json-syntax', `not JSON${place(reader)}`);

function place(reader: Reader): string {
  const before = reader.text.slice(0, reader.at).split('\n');
  return ` at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
