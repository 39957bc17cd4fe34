// Which rows have which terms: for each key pairs of 32-bit numbers, sorted by term, then by row. A question needs few of the keys.

import { growing } from './growing.js';
import { byKey, keyOf, type TermKey } from './term.js';

/** In memory a pair is one 64-bit number, so that sorting is the machine's own. */
const isLittle = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const termAt = isLittle ? 1 : 0;
const rowAt = 1 - termAt;

type Pairs = Uint32Array<ArrayBuffer>;
export type Postings = Readonly<Record<TermKey, Pairs>>;

export const emptyPostings = (): Postings => byKey(() => new Uint32Array());

/** Postings with further pairs. */
export interface PostingsBuilder {
  add(term: number, row: number): void;
  /** Nothing can be added after it. */
  finish(): Postings;
}

export function postingsBuilder(old: Postings): PostingsBuilder {
  const added = byKey(() => growing(new Uint32Array()));
  return {
    add(term, row) {
      const pairs = added[keyOf(term)];
      pairs.push(isLittle ? row : term);
      pairs.push(isLittle ? term : row);
    },
    finish: () => byKey((key) => merged(old[key], sorted(added[key].now()))),
  };
}

function sorted(pairs: Pairs): Pairs {
  new BigUint64Array(pairs.buffer, pairs.byteOffset, pairs.length / 2).sort();
  return pairs;
}

/** Puts a few among many: what stands between two of them is copied in one piece. */
function merged(many: Pairs, few: Pairs): Pairs {
  if (few.length === 0) return many;
  const all = new Uint32Array(many.length + few.length);
  let from = 0;
  for (let at = 0; at < few.length; at += 2) {
    const to = firstAt(many, few[at + termAt] ?? 0, few[at + rowAt] ?? 0);
    all.set(many.subarray(from, to), from + at);
    all.set(few.subarray(at, at + 2), to + at);
    from = to;
  }
  all.set(many.subarray(from), from + few.length);
  return all;
}

/** Rows under the terms from `low` to `high`, both included and of one key. */
export function* rowsOf(postings: Postings, low: number, high: number = low): Generator<number> {
  for (const [, row] of pairsOf(postings, low, high)) yield row;
}

/** The same with their terms. */
export function* pairsOf(
  postings: Postings,
  low: number,
  high: number,
): Generator<readonly [term: number, row: number]> {
  const pairs = postings[keyOf(low)];
  for (let at = firstAt(pairs, low, 0); at < pairs.length; at += 2) {
    const term = pairs[at + termAt] ?? 0;
    if (term > high) return;
    yield [term, pairs[at + rowAt] ?? 0];
  }
}

/** Where the first pair stands that is not below this one. */
function firstAt(pairs: Pairs, term: number, row: number): number {
  let [low, high] = [0, pairs.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = pairs[middle * 2 + termAt] ?? 0;
    const isBelow = found < term || (found === term && (pairs[middle * 2 + rowAt] ?? 0) < row);
    if (isBelow) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}
