import { hash } from 'node:crypto';
import { growing } from './growing.js';
import { emptyIndex, type LineIndex, linesOfSource, livingRows, type Source } from './line-index.js';
import { rowBuilder } from './row-builder.js';

/** An index on its way from one state of the refs to another. */
export interface Update {
  /** Sources that have to be read, since the index does not know them. */
  readonly missing: readonly Source[];
  add(source: Source, bytes: Buffer): void;
  finish(): LineIndex;
}

/** Begins anew where more than half of the rows would be of no use. */
const mostGone = 0.5;

/** By difference: what the index knows of sources that are still there is kept as it is. @param now all sources there are */
export function startUpdate(old: LineIndex, now: readonly Source[]): Update {
  const known = new Map(old.sources.map((source, at) => [keyOf(source), at]));
  const kept = now.flatMap((source) => known.get(keyOf(source)) ?? []);
  const missing = now.filter((source) => !known.has(keyOf(source)));
  return { missing, ...collect(old, kept) };
}

const keyOf = ({ commit, blob }: Source) => `${commit} ${blob}`;

function collect(old: LineIndex, kept: readonly number[]): Pick<Update, 'add' | 'finish'> {
  const rows = rowBuilder(old);
  const { sources, places, ends } = placesOf(old, kept);
  return {
    add(source, bytes) {
      for (const [start, end] of lineEnds(bytes)) {
        const line = bytes.subarray(start, end);
        places.append([rows.rowFor(line, hash('sha256', line, 'buffer')), start, end - start]);
      }
      sources.push(source);
      ends.push(places.length / 3);
    },
    finish: () => compact(old, { ...rows.finish(), sources, places: places.now(), ends: ends.now() }),
  };
}

function* lineEnds(bytes: Buffer): Generator<readonly [start: number, end: number]> {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    if (end > start) yield [start, end];
    start = end + 1;
  }
}

/** Where the lines of the sources stand that are still there. */
function placesOf(old: LineIndex, kept: readonly number[]) {
  const places = growing(new Uint32Array());
  const ends = growing(new Uint32Array());
  for (const source of kept) {
    const [from, to] = linesOfSource(old, source);
    places.append(old.places.subarray(from * 3, to * 3));
    ends.push(places.length / 3);
  }
  return { sources: kept.map((at) => old.sources[at] as Source), places, ends };
}

/** Nothing at all where too much of it would be of no use: then it is made from all sources again. */
function compact(old: LineIndex, index: LineIndex): LineIndex {
  if (old.kinds.length === 0) return index;
  const living = livingRows(index).reduce((sum, one) => sum + one, 0);
  return living < index.kinds.length * (1 - mostGone) ? emptyIndex() : index;
}
