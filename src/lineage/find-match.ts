import type { Facets } from './facets.js';
import type { Filter, FilterKey, FindQuery } from './find-query.js';
import { startOf } from './query.js';
import type { RunRecord } from './record.js';

/** A run that is looked at; facets are absent where this clone does not have its snapshot. */
export interface Candidate {
  readonly record: RunRecord;
  readonly labels: readonly string[];
  readonly facets: Facets | undefined;
}

/** Filters that need no snapshot: they are asked first, since a snapshot has to be read. */
export const isCheap = ({ key }: Filter): boolean => cheap.has(key);

const cheap: ReadonlySet<FilterKey> = new Set([
  'seed',
  'workflow',
  'date',
  'label',
  'file',
  'grade',
  'match',
  'commit',
]);

/** Whether a run fits every filter but `commit` and `file`, which are not of the run, and has every word in its texts. */
export function fits({ filters, words }: FindQuery, candidate: Candidate): boolean {
  return (
    filters.every((filter) => valuesOf(filter, candidate)?.some(filter.test) ?? true) &&
    words.every((word) => hasWord(candidate.facets, word))
  );
}

function hasWord(facets: Facets | undefined, word: string): boolean {
  const small = word.toLowerCase();
  return facets?.positive.some((text) => text.toLowerCase().includes(small)) ?? false;
}

/** What a filter is asked of; `undefined` where it is decided elsewhere. */
function valuesOf({ key, input = '' }: Filter, { record, labels, facets }: Candidate): readonly string[] | undefined {
  const values = (...names: string[]) => names.flatMap((name) => facets?.values[name] ?? []);
  switch (key) {
    case 'commit':
      return undefined;
    case 'file':
      return record.outputs.map(({ name }) => name);
    case 'model':
      return [...(facets?.models ?? []), ...(facets?.digests ?? [])];
    case 'lora':
      return facets?.models.filter((name) => name.startsWith('loras/')) ?? [];
    case 'prompt':
      return facets?.positive ?? [];
    case 'negative':
      return facets?.negative ?? [];
    case 'seed':
      return Object.values(record.seeds);
    case 'sampler':
      return values('sampler_name', 'sampler');
    case 'pack':
      return facets?.packs ?? [];
    case 'workflow':
      return record.workflow === undefined ? [] : [record.workflow.path];
    case 'date':
      return [startOf(record)];
    case 'label':
      return labels;
    case 'grade':
      return record.grade === undefined ? [] : [record.grade];
    case 'match':
      return [record.match];
    case 'input':
      return values(input);
    default:
      return values(key);
  }
}
