// Which rows have which terms: pairs of 32-bit numbers, sorted by term, then by row.

import { growing } from './growing.js';

/** In memory a pair is one 64-bit number, so that sorting is the machine's own. */
const isLittle = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const termAt = isLittle ? 1 : 0;
const rowAt = 1 - termAt;

export type Postings = Uint32Array<ArrayBuffer>;

/** Pairs that become more, in any order. */
export interface PostingsBuilder {
  add(term: number, row: number): void;
  /** Sorted. Nothing can be added after it. */
  finish(): Postings;
}

export function postingsBuilder(): PostingsBuilder {
  const pairs = growing(new Uint32Array());
  return {
    add(term, row) {
      pairs.push(isLittle ? row : term);
      pairs.push(isLittle ? term : row);
    },
    finish() {
      const postings = pairs.now();
      new BigUint64Array(postings.buffer, postings.byteOffset, postings.length / 2).sort();
      return postings;
    },
  };
}

/** Puts a few among many: what stands between two of them is copied in one piece. */
export function mergedPostings(many: Postings, few: Postings): Postings {
  if (few.length === 0) return many;
  const merged = new Uint32Array(many.length + few.length);
  let from = 0;
  for (let at = 0; at < few.length; at += 2) {
    const to = firstAt(many, few[at + termAt] ?? 0, few[at + rowAt] ?? 0);
    merged.set(many.subarray(from, to), from + at);
    merged.set(few.subarray(at, at + 2), to + at);
    from = to;
  }
  merged.set(many.subarray(from), from + few.length);
  return merged;
}

/** Rows under the terms from `low` to `high`, both included. */
export function* rowsOf(postings: Postings, low: number, high: number = low): Generator<number> {
  for (const [, row] of pairsOf(postings, low, high)) yield row;
}

/** The same with their terms. */
export function* pairsOf(
  postings: Postings,
  low: number,
  high: number,
): Generator<readonly [term: number, row: number]> {
  for (let at = firstAt(postings, low, 0); at < postings.length; at += 2) {
    const term = postings[at + termAt] ?? 0;
    if (term > high) return;
    yield [term, postings[at + rowAt] ?? 0];
  }
}

/** Where the first pair stands that is not below this one. */
function firstAt(postings: Postings, term: number, row: number): number {
  let [low, high] = [0, postings.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = postings[middle * 2 + termAt] ?? 0;
    const isBelow = found < term || (found === term && (postings[middle * 2 + rowAt] ?? 0) < row);
    if (isBelow) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}
