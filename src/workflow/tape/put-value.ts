import {
  behind,
  closeBrace,
  closeBracket,
  colon,
  comma,
  endOf,
  keyEndOf,
  kindOf,
  openBrace,
  openBracket,
  startOf,
  type Tape,
  width,
} from './tape.js';

/** Where text goes. It has room for all that a workflow can become: what does not fit is lost, and `length` says so. */
export interface Out {
  readonly bytes: Buffer;
  length: number;
}

/** From this length on the built-in copy is faster than byte by byte. */
const long = 64;

export function putBytes(out: Out, from: Buffer, start: number, end: number): void {
  const { bytes, length } = out;
  if (end - start >= long) from.copy(bytes, length, start, end);
  else for (let at = start, to = length; at < end; ) bytes[to++] = from[at++] ?? 0;
  out.length = length + end - start;
}

/** Of our own: ASCII. */
export function putText(out: Out, text: string): void {
  const { bytes, length } = out;
  for (let at = 0; at < text.length; at++) bytes[length + at] = text.charCodeAt(at);
  out.length = length + text.length;
}

export function putByte(out: Out, byte: number): void {
  out.bytes[out.length++] = byte;
}

/** Whether commas and colons have a space behind them, as `writeJson` with a gap and without. */
export type Spacing = 'spaced' | 'dense';

function putMark(out: Out, mark: number, spacing: Spacing): void {
  out.bytes[out.length++] = mark;
  if (spacing === 'spaced') out.bytes[out.length++] = 0x20;
}

export const putComma = (out: Out, spacing: Spacing): void => putMark(out, comma, spacing);

export function putValue(out: Out, tape: Tape, entry: number, spacing: Spacing): void {
  const kind = kindOf(tape, entry);
  if (kind === openBrace) putObject(out, tape, entry, spacing);
  else if (kind === openBracket) putList(out, tape, entry, spacing);
  else putBytes(out, tape.bytes, startOf(tape, entry), endOf(tape, entry));
}

function putObject(out: Out, tape: Tape, object: number, spacing: Spacing): void {
  putByte(out, openBrace);
  const end = behind(tape, object);
  for (let key = object + width; key < end; key = behind(tape, key + width)) {
    if (key !== object + width) putMark(out, comma, spacing);
    putMember(out, tape, key, spacing);
  }
  putByte(out, closeBrace);
}

function putList(out: Out, tape: Tape, list: number, spacing: Spacing): void {
  putByte(out, openBracket);
  const end = behind(tape, list);
  for (let entry = list + width; entry < end; entry = behind(tape, entry)) {
    if (entry !== list + width) putMark(out, comma, spacing);
    putValue(out, tape, entry, spacing);
  }
  putByte(out, closeBracket);
}

export function putMember(out: Out, tape: Tape, key: number, spacing: Spacing): void {
  putKey(out, tape, key, spacing);
  putValue(out, tape, key + width, spacing);
}

/** With its quotes and the colon. */
export function putKey(out: Out, tape: Tape, key: number, spacing: Spacing): void {
  putBytes(out, tape.bytes, startOf(tape, key), keyEndOf(tape, key));
  putMark(out, colon, spacing);
}
