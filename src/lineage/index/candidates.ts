import { isCheap } from '../find-match.js';
import type { Filter, FindQuery } from '../find-query.js';
import { eachFitting } from './column.js';
import { type FacetIndex, inputColumn } from './facet-index.js';
import { type LineIndex, livingRows } from './line-index.js';
import { rowsAt } from './lookup.js';
import { pairsOf, rowsOf } from './postings.js';
import { isRecord, type RowColumn, rowColumns, rowKind } from './row.js';
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
  const living = livingRows(index);
  const groups = new Uint8Array(index.kinds.length);
  index.kinds.forEach((kind, row) => {
    if (living[row] === 1 && isRecord(kind)) groups[index.groups[row] ?? 0] = 1;
  });
  for (const filter of filters.filter(isCheap)) {
    if (filter.key !== 'commit') narrow(groups, groupsOfRows(index, living, rowsFitting(index, filter)));
  }
  for (const set of commits) narrow(groups, groupsOfRows(index, living, rowsOfCommits(index, set)));
  return groups;
}

function groupsOfRows({ groups, kinds }: LineIndex, living: Uint8Array, rows: Iterable<number>): Groups {
  const found = new Uint8Array(kinds.length);
  for (const row of rows) if (living[row] === 1 && isRecord(kinds[row])) found[groups[row] ?? 0] = 1;
  return found;
}

function narrow(groups: Groups, others: Groups): void {
  for (let row = 0; row < groups.length; row++) if (others[row] === 0) groups[row] = 0;
}

function rowsFitting(index: LineIndex, { key, test }: Filter): Iterable<number> {
  const column = rowColumns.find((name) => name === key) as RowColumn;
  const rows: number[] = [];
  eachFitting(index.columns[column], test, (row) => rows.push(row));
  return key === 'label' ? labelled(index, rows) : rows;
}

/** The rows that labels are on. */
function* labelled(index: LineIndex, labels: readonly number[]): Generator<number> {
  const { postings, kinds } = index;
  const wanted = new Set(labels);
  const [low, high] = [termOf('of', '0000000'), termOf('of', 'fffffff')];
  for (const [term, row] of pairsOf(postings, low, high)) {
    if (kinds[row] === rowKind.label && wanted.has(row)) yield* rowsOf(postings, underKey(term, 'record'));
  }
}

function* rowsOfCommits(index: LineIndex, commits: ReadonlySet<string>): Generator<number> {
  yield* rowsAt(index, commits);
  for (const commit of commits) yield* rowsOf(index.postings, termOf('commit', commit));
}

/** Of documents of the index 1 for each that fits what is asked of prompts and files; all where nothing is. */
export function documentsFitting(index: FacetIndex, { filters, words }: FindQuery): Uint8Array {
  const all = new Uint8Array(index.documents.length).fill(1);
  const keep = (names: readonly string[], test: (value: string) => boolean) => {
    const found = new Uint8Array(all.length);
    for (const name of names) eachFitting(index.column(name), test, (row) => (found[row] = 1));
    narrow(all, found);
  };
  for (const filter of filters) if (!isCheap(filter)) keep(columnsOf(filter), testOf(filter));
  for (const word of words) keep(['positive'], (text) => text.toLowerCase().includes(word.toLowerCase()));
  return all;
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
