import type { Filter, FilterKey } from './find-query.js';
import { startOf } from './query.js';
import type { RunRecord } from './record.js';

/** A run that is looked at, with the labels on it. */
export interface Candidate {
  readonly record: RunRecord;
  readonly labels: readonly string[];
}

/** Whether the record alone answers a filter; of the others the columns of the facets say what fits (`documentsFitting`). */
export const isCheap = ({ key }: Filter): boolean => Object.hasOwn(valuesOf, key);

/** Whether a run fits every filter that its record answers. */
export const fits = (filters: readonly Filter[], candidate: Candidate): boolean =>
  filters.every(({ key, test }) => valuesOf[key]?.(candidate)?.some(test) ?? true);

/** What a filter is asked of; `undefined` where that is decided elsewhere: a run stands at several commits. */
const valuesOf: Readonly<Partial<Record<FilterKey, (of: Candidate) => readonly string[] | undefined>>> = {
  commit: () => undefined,
  file: ({ record }) => record.outputs.map(({ name }) => name),
  seed: ({ record }) => Object.values(record.seeds),
  workflow: ({ record }) => (record.workflow === undefined ? [] : [record.workflow.path]),
  date: ({ record }) => [startOf(record)],
  label: ({ labels }) => labels,
  grade: ({ record }) => (record.grade === undefined ? [] : [record.grade]),
  match: ({ record }) => [record.match],
};
