import { type ExactNumber, isExact, type Json } from './json-value.js';

/**
 * One line of JSON, every number as it was read. `gap` goes after `,` and `:` (`' '` is how Python's `json.dumps` writes).
 * Lone surrogates come out escaped, so the text is always valid UTF-8.
 */
export function writeJson(value: Json, gap: '' | ' ' = ''): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (value === null || typeof value === 'boolean') return String(value);
  // Appending is faster than collecting and joining: this writes every file of a `git add`.
  if (Array.isArray(value)) {
    let text = '';
    for (const item of value) text += (text === '' ? '' : `,${gap}`) + writeJson(item, gap);
    return `[${text}]`;
  }
  if (value instanceof Map) {
    let text = '';
    value.forEach((item, key) => {
      text += `${text === '' ? '' : `,${gap}`}${quoted(key)}:${gap}${writeJson(item, gap)}`;
    });
    return `{${text}}`;
  }
  return value.lexeme;
}

/** As `JSON.stringify`, which is slow to call for the short plain strings that most are. */
export function quoted(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff))
      return JSON.stringify(text);
  }
  return `"${text}"`;
}

/** Canonical text for hashing: no spaces, keys sorted by code point, numbers as they were read. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!(value instanceof Map)) return writeJson(value);
  const keys = [...value.keys()].sort(byCodePoint);
  return `{${keys.map((key) => `${quoted(key)}:${canonicalJson(value.get(key) ?? null)}`).join(',')}}`;
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
