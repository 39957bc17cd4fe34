/** Under what the rows of the index are found. The position is the number in the file: new ones go at the end. */
const keys = [
  'line',
  'run',
  'file',
  'pixels',
  'identity',
  'prompt',
  'commit',
  'record',
  'madeFrom',
  'normal',
  'of',
] as const;

export type TermKey = (typeof keys)[number];

/** Of a value 28 bits are kept: now and then two share a term, so whoever looks one up compares the values themselves. */
const bits = 28;
const digits = bits / 4;

/** A 32-bit number for a value under a key. Digests sort by their first digits, which makes those a range. */
export const termOf = (key: TermKey, value: string): number =>
  (keys.indexOf(key) * 2 ** bits + (isHex(value) ? Number.parseInt(value.slice(0, digits), 16) : hash(value))) >>> 0;

const isHex = (value: string) => /^[0-9a-f]{7}/.test(value);

/** FNV-1a, the upper bits. */
function hash(value: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < value.length; at++) sum = Math.imul(sum ^ value.charCodeAt(at), 0x01000193);
  return sum >>> (32 - bits);
}

/** First and last term of all digests that begin with these digits. */
export function termRange(key: TermKey, first: string): readonly [number, number] {
  const [low, high] = ['0', 'f'].map((digit) => termOf(key, first.slice(0, digits).padEnd(digits, digit)));
  return [low as number, high as number];
}

/** The term of the same value under another key. */
export const underKey = (term: number, key: TermKey): number =>
  (keys.indexOf(key) * 2 ** bits + (term & (2 ** bits - 1))) >>> 0;

export const keyOf = (term: number): TermKey => keys[term >>> bits] as TermKey;

export const hasKey = (term: number, key: TermKey): boolean => keyOf(term) === key;

/** Something for each key. */
export const byKey = <T>(make: (key: TermKey) => T): Record<TermKey, T> =>
  Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<TermKey, T>;
