import { isCheap } from '../find-match.js';
import type { Filter, FindQuery } from '../find-query.js';
import { wordNeedles } from '../value-test.js';
import { eachFitting, type Wanted } from './column.js';
import { type FacetIndex, inputColumn } from './facet-index.js';
import { type LineIndex, livingRows } from './line-index.js';
import { rowsAt } from './lookup.js';
import { pairsOf, rowsOf } from './postings.js';
import { isRecord, type RowColumn, rowKind } from './row.js';
import { termOf, underKey } from './term.js';

/** 1 for the first row of each run that is meant. */
export type Groups = Uint8Array;

/**
 * Runs one of whose lines fits everything that a record itself answers. Too many rather than too few: what counts is the best line of each.
 * @param commits for each filter by commit those that it means
 */
export function groupsFitting(
  index: LineIndex,
  { filters }: FindQuery,
  commits: readonly ReadonlySet<string>[],
): Groups {
  const { kinds, groups: groupOfRow } = index;
  const living = livingRows(index);
  const groups = new Uint8Array(kinds.length);
  for (let row = 0; row < kinds.length; row++) {
    if (living[row] === 1 && isRecord(kinds[row])) groups[groupOfRow[row] ?? 0] = 1;
  }
  const isLeft = (row: number) => living[row] === 1 && isRecord(kinds[row]) && groups[groupOfRow[row] ?? 0] === 1;
  const keep = (each: EachRow) => {
    const found = new Uint8Array(kinds.length);
    each((row) => {
      if (isLeft(row)) found[groupOfRow[row] ?? 0] = 1;
    });
    narrow(groups, found);
  };
  for (const set of commits) keep(rowsOfCommits(index, set));
  for (const filter of fastestFirst(filters.filter(isCheap))) {
    if (filter.key === 'label') keep(rowsLabelled(index, filter));
    else if (filter.key !== 'commit') keep(rowsWith(index, filter, isLeft));
  }
  return groups;
}

type EachRow = (call: (row: number) => void) => void;

/** What is left after those by texts is mostly little, and then only that is looked at. */
const fastestFirst = (filters: readonly Filter[]) =>
  filters.toSorted((a, b) => Number(a.needles === undefined) - Number(b.needles === undefined));

function narrow(groups: Groups, others: Groups): void {
  for (let row = 0; row < groups.length; row++) if (others[row] === 0) groups[row] = 0;
}

const rowsWith =
  (index: LineIndex, filter: Filter, isLeft: (row: number) => boolean): EachRow =>
  (call) =>
    eachFitting(index.columns[filter.key as RowColumn], filter, isLeft, call);

const rowsLabelled =
  (index: LineIndex, filter: Filter): EachRow =>
  (call) => {
    const labels: number[] = [];
    eachFitting(
      index.columns.label,
      filter,
      () => true,
      (row) => labels.push(row),
    );
    for (const row of labelled(index, labels)) call(row);
  };

/** The rows that labels are on. */
function* labelled(index: LineIndex, labels: readonly number[]): Generator<number> {
  const { postings, kinds } = index;
  const wanted = new Set(labels);
  const [low, high] = [termOf('of', '0000000'), termOf('of', 'fffffff')];
  for (const [term, row] of pairsOf(postings, low, high)) {
    if (kinds[row] === rowKind.label && wanted.has(row)) yield* rowsOf(postings, underKey(term, 'record'));
  }
}

const rowsOfCommits =
  (index: LineIndex, commits: ReadonlySet<string>): EachRow =>
  (call) => {
    for (const row of rowsAt(index, commits)) call(row);
    for (const commit of commits) for (const row of rowsOf(index.postings, termOf('commit', commit))) call(row);
  };

/** Of documents of the index 1 for each that fits what is asked of prompts and files; all where nothing is. */
export function documentsFitting(index: FacetIndex, { filters, words }: FindQuery): Uint8Array {
  const all = new Uint8Array(index.documents.length).fill(1);
  const isLeft = (position: number) => all[position] === 1;
  const keep = (names: readonly string[], wanted: Wanted) => {
    const found = new Uint8Array(all.length);
    for (const name of names) eachFitting(index.column(name), wanted, isLeft, (position) => (found[position] = 1));
    narrow(all, found);
  };
  for (const word of words) keep(['positive'], wordWanted(word));
  for (const filter of fastestFirst(filters)) {
    if (!isCheap(filter)) keep(columnsOf(filter), { test: testOf(filter), needles: filter.needles });
  }
  return all;
}

function wordWanted(word: string): Wanted {
  const small = word.toLowerCase();
  return { test: (text) => text.toLowerCase().includes(small), needles: wordNeedles(word) };
}

const testOf = ({ key, test }: Filter) =>
  key === 'lora' ? (name: string) => name.startsWith('loras/') && test(name) : test;

function columnsOf({ key, input = '' }: Filter): readonly string[] {
  switch (key) {
    case 'model':
      return ['models', 'digests'];
    case 'lora':
      return ['models'];
    case 'prompt':
      return ['positive'];
    case 'negative':
      return ['negative'];
    case 'pack':
      return ['packs'];
    case 'sampler':
      return [inputColumn('sampler_name'), inputColumn('sampler')];
    case 'input':
      return [inputColumn(input)];
    default:
      return [inputColumn(key)];
  }
}
