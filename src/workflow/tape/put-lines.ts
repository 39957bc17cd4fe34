import { type Form, forms, type Picked, pickKept } from './forms.js';
import { type Out, putByte, putComma, putKey, putValue } from './put-value.js';
import {
  closeBrace,
  closeBracket,
  comma,
  isListAt,
  isObjectAt,
  itemsOf,
  openBrace,
  openBracket,
  type Tape,
  width,
} from './tape.js';

/** What canonical text is made of, and where it goes. */
export interface LinesOut extends Out {
  readonly tape: Tape;
  readonly picked: Picked;
}

/** Writes an entry; `level` counts the indents of the line on which it begins. */
export type Put = (out: LinesOut, entry: number, level: number) => void;

/** A value on one line. */
const putLine: Put = (out, entry) => putValue(out, out.tape, entry, 'spaced');

function putNewline(out: Out, level: number): void {
  const { bytes } = out;
  bytes[out.length++] = 0x0a;
  for (let spaces = level * 2; spaces > 0; spaces--) bytes[out.length++] = 0x20;
}

/** A list with one item a line. */
export function putItems<T>(
  out: LinesOut,
  items: readonly T[],
  level: number,
  put: (out: LinesOut, item: T, level: number) => void,
): void {
  let before = openBracket;
  for (const item of items) {
    putByte(out, before);
    putNewline(out, level + 1);
    put(out, item, level + 1);
    before = comma;
  }
  if (items.length > 0) putNewline(out, level);
  else putByte(out, openBracket);
  putByte(out, closeBracket);
}

/**
 * An object with one member a line, without what its form leaves out.
 * @param put writes the value behind a key
 */
export function putMembers(out: LinesOut, object: number, level: number, form: Form, put: Put): void {
  const { picked, tape } = out;
  const first = picked.length;
  pickKept(picked, tape, object, form);
  const end = picked.length;
  for (let at = first; at < end; at++) {
    const key = picked.keys[at] ?? 0;
    putByte(out, at === first ? openBrace : comma);
    putNewline(out, level + 1);
    putKey(out, tape, key, 'spaced');
    put(out, key, level + 1);
  }
  picked.length = first;
  if (first < end) putNewline(out, level);
  else putByte(out, openBrace);
  putByte(out, closeBrace);
}

/** As `putMembers`, on one line. */
export function putMembersLine(out: LinesOut, object: number, form: Form, put: Put): void {
  const { picked, tape } = out;
  const first = picked.length;
  pickKept(picked, tape, object, form);
  const end = picked.length;
  for (let at = first; at < end; at++) {
    const key = picked.keys[at] ?? 0;
    if (at === first) putByte(out, openBrace);
    else putComma(out, 'spaced');
    putKey(out, tape, key, 'spaced');
    put(out, key, 0);
  }
  picked.length = first;
  if (first === end) putByte(out, openBrace);
  putByte(out, closeBrace);
}

/** The value behind a key, on one line. */
export const putValueOf: Put = (out, key) => putValue(out, out.tape, key + width, 'spaced');

/** A list behind a key, with one item a line; anything else on one line. */
export const putItemsOf: Put = (out, key, level) => {
  const entry = key + width;
  if (isListAt(out.tape, entry)) putItems(out, itemsOf(out.tape, entry), level, putLine);
  else putLine(out, entry, level);
};

/** An object behind a key, with one member a line; anything else on one line. */
export const putMembersOf: Put = (out, key, level) => {
  const entry = key + width;
  if (isObjectAt(out.tape, entry)) putMembers(out, entry, level, forms.plain, putValueOf);
  else putLine(out, entry, level);
};
