import { isArray, isObject, type Json } from './json-value.js';

/**
 * Text on its way to UTF-8 bytes. The filter writes whole work trees: building a string first, only to encode it, takes several
 * times as long.
 */
export interface Sink {
  bytes: Buffer;
  /** How many of `bytes` are written. */
  length: number;
}

/** @param expected about how many bytes it will be; more is fine, less costs a copy */
export const openSink = (expected = 4096): Sink => ({ bytes: Buffer.allocUnsafe(expected), length: 0 });

export const sinkBytes = ({ bytes, length }: Sink): Buffer => bytes.subarray(0, length);

function reserve(sink: Sink, more: number): Buffer {
  const needed = sink.length + more;
  if (needed <= sink.bytes.length) return sink.bytes;
  const larger = Buffer.allocUnsafe(Math.max(needed, sink.bytes.length * 2));
  sink.bytes.copy(larger, 0, 0, sink.length);
  sink.bytes = larger;
  return larger;
}

/** Text that is known to be ASCII: our own punctuation and keys, and numbers. */
export function putAscii(sink: Sink, text: string): void {
  const bytes = reserve(sink, text.length);
  let at = sink.length;
  for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
  sink.length = at;
}

function putText(sink: Sink, text: string): void {
  const bytes = reserve(sink, text.length * 3);
  sink.length += bytes.write(text, sink.length, 'utf8');
}

/** From this length on the built-in functions are faster than going through characters one by one. */
const long = 200;

/** A JSON string. Lone surrogates come out escaped, so the bytes are always valid UTF-8. */
export function putQuoted(sink: Sink, text: string): void {
  if (text.length >= long || !putPlain(sink, text)) putText(sink, JSON.stringify(text));
}

/** Whether the text could be written as it is, in quotes; where not, nothing is. */
function putPlain(sink: Sink, text: string): boolean {
  const bytes = reserve(sink, text.length + 2);
  let at = sink.length;
  bytes[at++] = 0x22;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x22 || code === 0x5c || code > 0x7e) return false;
    bytes[at++] = code;
  }
  bytes[at++] = 0x22;
  sink.length = at;
  return true;
}

/** As `writeJson`. */
export function putJson(sink: Sink, value: Json, gap: '' | ' '): void {
  if (typeof value === 'string') putQuoted(sink, value);
  else if (typeof value === 'number') putAscii(sink, Number.isFinite(value) ? String(value) : 'null');
  else if (value === null || typeof value === 'boolean') putAscii(sink, String(value));
  else if (isArray(value)) putList(sink, value, gap);
  else if (isObject(value)) putMembers(sink, value, gap);
  else putAscii(sink, value.lexeme);
}

function putList(sink: Sink, list: readonly Json[], gap: '' | ' '): void {
  const comma = gap === '' ? ',' : ', ';
  let before = '[';
  for (const item of list) {
    putAscii(sink, before);
    putJson(sink, item, gap);
    before = comma;
  }
  putAscii(sink, list.length === 0 ? '[]' : ']');
}

function putMembers(sink: Sink, object: ReadonlyMap<string, Json>, gap: '' | ' '): void {
  const comma = gap === '' ? ',' : ', ';
  const colon = gap === '' ? ':' : ': ';
  let before = '{';
  for (const [key, value] of object) {
    putAscii(sink, before);
    putQuoted(sink, key);
    putAscii(sink, colon);
    putJson(sink, value, gap);
    before = comma;
  }
  putAscii(sink, object.size === 0 ? '{}' : '}');
}
