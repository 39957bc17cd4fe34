import { isUtf8 } from 'node:buffer';
import { keyIdAt } from './key-ids.js';
import {
  behind,
  closeBrace,
  closeBracket,
  colon,
  comma,
  keyEndOf,
  keyOf,
  openBrace,
  openBracket,
  quote,
  startOf,
  type Tape,
  width,
} from './tape.js';

const backslash = 0x5c;
/** What is deeper, or has more members, is read the other way. Each member is compared with those before it. */
const mostDepth = 64;
const mostMembers = 64;
const no = -1;

/** Memory for the tapes of one file after the other. */
export interface TapeMemory {
  bytes: Buffer;
  entries: Int32Array;
}

export const tapeMemory = (): TapeMemory => ({ bytes: Buffer.alloc(0), entries: new Int32Array(0) });

/**
 * Reads JSON that is spelled as its writers spell it. What can be spelled in several ways (escapes of characters that need none, escaped keys), the bare
 * words of Python, a key that stands twice, deep or wide objects, and what is no JSON at all give `undefined`. A tape is good until the next one.
 */
export function readTape(file: Uint8Array, memory: TapeMemory): Tape | undefined {
  if (!isUtf8(file)) return undefined;
  const { length } = file;
  if (memory.bytes.length <= length) {
    memory.bytes = Buffer.alloc((length + 1) * 2);
    // No entry is shorter than two bytes, with what parts it from the next one.
    memory.entries = new Int32Array((length + 2) * width);
  }
  const { bytes, entries } = memory;
  bytes.set(file);
  // Ends the reading: it stands in no JSON.
  bytes[length] = 0;
  const tape: Tape = { bytes, entries, length: 0 };
  const end = readValue(tape, skipSpace(bytes, 0), 0);
  return end !== no && skipSpace(bytes, end) === length ? tape : undefined;
}

// Each of these gives the place behind what it has read, or `no`.

function readValue(tape: Tape, at: number, depth: number): number {
  const code = tape.bytes[at];
  if (code === openBrace) return readObject(tape, at, depth + 1);
  if (code === openBracket) return readList(tape, at, depth + 1);
  const end = code === quote ? stringEnd(tape.bytes, at) : plainEnd(tape.bytes, at);
  push(tape, at, end, tape.length + width);
  return end;
}

function push(tape: Tape, first: number, second: number, third: number): void {
  const { entries, length } = tape;
  entries[length] = first;
  entries[length + 1] = second;
  entries[length + 2] = third;
  tape.length = length + width;
}

function close(tape: Tape, entry: number, end: number): number {
  tape.entries[entry + 1] = end;
  tape.entries[entry + 2] = tape.length;
  return end;
}

function readList(tape: Tape, start: number, depth: number): number {
  const { bytes, length: entry } = tape;
  push(tape, start, 0, 0);
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === closeBracket) return close(tape, entry, at + 1);
  if (depth > mostDepth) return no;
  for (;;) {
    at = readValue(tape, at, depth);
    if (at === no) return no;
    at = skipSpace(bytes, at);
    if (bytes[at] === closeBracket) return close(tape, entry, at + 1);
    if (bytes[at] !== comma) return no;
    at = skipSpace(bytes, at + 1);
  }
}

function readObject(tape: Tape, start: number, depth: number): number {
  const { bytes, length: entry } = tape;
  push(tape, start, 0, 0);
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === closeBrace) return close(tape, entry, at + 1);
  if (depth > mostDepth) return no;
  // The numbers of the keys that it has, as bits.
  let low = 0;
  let high = 0;
  for (;;) {
    const key = tape.length;
    const end = bytes[at] === quote ? keyEnd(bytes, at) : no;
    if (end === no) return no;
    const id = keyIdAt(bytes, at + 1, end - 1);
    push(tape, at, id, end);
    const bit = 1 << (id & 31);
    if (id === 0 ? isTwice(tape, entry, key) : ((id < 32 ? low : high) & bit) !== 0) return no;
    if (id < 32) low |= bit;
    else high |= bit;
    at = readBehind(tape, end, depth);
    if (at === no) return no;
    if (bytes[at] === closeBrace) return close(tape, entry, at + 1);
    if (bytes[at] !== comma) return no;
    at = skipSpace(bytes, at + 1);
  }
}

/** The colon and the value behind a key, and the space behind that. */
function readBehind(tape: Tape, end: number, depth: number): number {
  const { bytes } = tape;
  const place = skipSpace(bytes, end);
  if (bytes[place] !== colon) return no;
  const at = readValue(tape, skipSpace(bytes, place + 1), depth);
  return at === no ? no : skipSpace(bytes, at);
}

/** Whether the object has a key without a number already, or too many members to look. */
function isTwice(tape: Tape, object: number, key: number): boolean {
  let members = 0;
  for (let other = object + width; other < key; other = behind(tape, other + width)) {
    if (keyOf(tape, other) === 0 && isSameKey(tape, other, key)) return true;
    if (++members === mostMembers) return true;
  }
  return false;
}

/** Keys have no escapes, so that the same text is the same key. */
function isSameKey(tape: Tape, one: number, other: number): boolean {
  const { bytes } = tape;
  const [start, end, against] = [startOf(tape, one), keyEndOf(tape, one), startOf(tape, other)];
  if (end - start !== keyEndOf(tape, other) - against) return false;
  for (let at = start; at < end; at++) if (bytes[at] !== bytes[against + at - start]) return false;
  return true;
}

function keyEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (isPlain[bytes[at] ?? 0] === 1) at++;
  return bytes[at] === quote ? at + 1 : no;
}

function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  for (;;) {
    while (isPlain[bytes[at] ?? 0] === 1) at++;
    if (bytes[at] === quote) return at + 1;
    if (bytes[at] !== backslash || isShortEscape[bytes[at + 1] ?? 0] !== 1) return no;
    at += 2;
  }
}

/** By byte: 1 for what stands in a string as it is. */
const isPlain = new Uint8Array(256).fill(1, 0x20);
isPlain[quote] = 0;
isPlain[backslash] = 0;

/** By the byte behind a backslash: 1 for the characters that every writer escapes, and in this way. */
const isShortEscape = new Uint8Array(256);
for (const character of '"\\bfnrt') isShortEscape[character.charCodeAt(0)] = 1;

/** A number, `true`, `false` or `null`. */
function plainEnd(bytes: Uint8Array, start: number): number {
  const code = bytes[start];
  if (code === 0x6e) return wordEnd(bytes, start, 'null');
  if (code === 0x74) return wordEnd(bytes, start, 'true');
  if (code === 0x66) return wordEnd(bytes, start, 'false');
  return numberEnd(bytes, start);
}

function wordEnd(bytes: Uint8Array, start: number, word: string): number {
  for (let at = 0; at < word.length; at++) if (bytes[start + at] !== word.charCodeAt(at)) return no;
  return start + word.length;
}

/** RFC 8259, section 6. */
function numberEnd(bytes: Uint8Array, start: number): number {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  let at = bytes[first] === 0x30 ? first + 1 : digitsEnd(bytes, first);
  if (at !== no && bytes[at] === 0x2e) at = digitsEnd(bytes, at + 1);
  if (at === no || (bytes[at] !== 0x65 && bytes[at] !== 0x45)) return at;
  const sign = bytes[at + 1];
  return digitsEnd(bytes, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
}

/** At least one. */
function digitsEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let code = bytes[at] ?? 0; code >= 0x30 && code <= 0x39; ) code = bytes[++at] ?? 0;
  return at === start ? no : at;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isSpace[bytes[at] ?? 0] === 1) at++;
  return at;
}

const isSpace = new Uint8Array(256);
for (const character of ' \n\r\t') isSpace[character.charCodeAt(0)] = 1;
