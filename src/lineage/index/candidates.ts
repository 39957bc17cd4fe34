import { isCheap } from '../find-match.js';
import type { Filter, FindQuery } from '../find-query.js';
import { wordNeedles } from '../value-test.js';
import { fittingRows, type Wanted } from './column.js';
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
  const { kinds } = index;
  let left: Rows = livingRows(index).map((living, row) => (living === 1 && isRecord(kinds[row]) ? 1 : 0));
  for (const set of commits) left = linesOfRunsWith(index, left, rowsOfCommits(index, set));
  for (const filter of fastestFirst(filters.filter(isCheap))) {
    if (filter.key === 'label') left = linesOfRunsWith(index, left, rowsLabelled(index, filter));
    else if (filter.key !== 'commit') {
      left = linesOfRunsWith(index, left, fittingRows(index.columns[filter.key as RowColumn], filter, left));
    }
  }
  return groupsOf(index, left, left);
}

/** 1 for each row that is meant. */
type Rows = Uint8Array;

/** What is left after those by texts is mostly little, and then only that is looked at. */
const fastestFirst = (filters: readonly Filter[]) =>
  filters.toSorted((a, b) => Number(a.needles === undefined) - Number(b.needles === undefined));

/** Of the rows that are left those of runs of which one row was found. */
function linesOfRunsWith(index: LineIndex, left: Rows, found: Rows): Rows {
  const groups = groupsOf(index, left, found);
  return left.map((one, row) => (one === 1 ? (groups[index.groups[row] ?? 0] ?? 0) : 0));
}

function groupsOf({ groups }: LineIndex, left: Rows, found: Rows): Groups {
  const meant = new Uint8Array(left.length);
  for (let row = 0; row < left.length; row++) if (left[row] === 1 && found[row] === 1) meant[groups[row] ?? 0] = 1;
  return meant;
}

function rowsLabelled(index: LineIndex, filter: Filter): Rows {
  const found = new Uint8Array(index.kinds.length);
  const labels = fittingRows(index.columns.label, filter, found.slice().fill(1));
  for (const row of labelled(index, labels)) found[row] = 1;
  return found;
}

/** The rows that labels are on. */
function* labelled({ postings, kinds }: LineIndex, labels: Rows): Generator<number> {
  const [low, high] = [termOf('of', '0000000'), termOf('of', 'fffffff')];
  for (const [term, row] of pairsOf(postings, low, high)) {
    if (kinds[row] === rowKind.label && labels[row] === 1) yield* rowsOf(postings, underKey(term, 'record'));
  }
}

function rowsOfCommits(index: LineIndex, commits: ReadonlySet<string>): Rows {
  const found = new Uint8Array(index.kinds.length);
  for (const row of rowsAt(index, commits)) found[row] = 1;
  for (const commit of commits) for (const row of rowsOf(index.postings, termOf('commit', commit))) found[row] = 1;
  return found;
}

/** Of documents of the index 1 for each that fits what is asked of prompts and files; all where nothing is. */
export function documentsFitting(index: FacetIndex, { filters, words }: FindQuery): Uint8Array {
  let left = new Uint8Array(index.documents.length).fill(1);
  const keep = (names: readonly string[], wanted: Wanted) => {
    const found = new Uint8Array(left.length);
    for (const name of names) fittingRows(index.column(name), wanted, left, found);
    left = found;
  };
  for (const word of words) keep(['positive'], wordWanted(word));
  for (const filter of fastestFirst(filters)) {
    if (!isCheap(filter)) keep(columnsOf(filter), { test: testOf(filter), needles: filter.needles });
  }
  return left;
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
