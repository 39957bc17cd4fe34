import { matchOrder, runKey, startOf } from '../query.js';
import type { RunRecord } from '../record.js';
import { type Entry, readLineAndId, type Unreadable } from '../record-line.js';
import { longHash } from './long-hash.js';
import { type TermKey, termOf } from './term.js';

/** What a row is: a record by how it found its commit (the position in `matchOrder`), or one of these. */
export const rowKind = { label: 16, tombstone: 17, unreadable: 18 } as const;

export const isRecord = (kind: number | undefined): boolean => kind !== undefined && kind < matchOrder.length;

/** What `find` tests without reading a record. */
export const rowColumns = ['seed', 'workflow', 'date', 'file', 'grade', 'match', 'label'] as const;
export type RowColumn = (typeof rowColumns)[number];

/** Something for each column. */
export const byColumn = <T>(make: (name: RowColumn) => T): Record<RowColumn, T> =>
  Object.fromEntries(rowColumns.map((name) => [name, make(name)])) as Record<RowColumn, T>;

/** What the index keeps of one line. */
export interface Row {
  readonly kind: number;
  readonly terms: readonly number[];
  /** The term of its id. */
  readonly id: number;
  /** A number that lines of one run share; 0 for what is no record. */
  readonly run: number;
  /** `documentOf` the record; 0 for what is none. */
  readonly document: number;
  /** What a record points to, 64 hex digits each; empty for what is none. */
  readonly snapshot: string;
  readonly state: string;
  readonly cells: Readonly<Partial<Record<RowColumn, readonly string[]>>>;
}

/** @param sha256 of the bytes of the line */
export function rowOf(text: string, sha256: string): Row {
  const { entry, id } = readLineAndId(text, sha256);
  const row = { id: termOf('record', id), terms: [termOf('line', sha256)], ...noRun };
  if (entry.kind === 'record') return recordRow(entry.value, row);
  return otherRow(entry, row);
}

const noRun = { run: 0, document: 0, snapshot: '', state: '', cells: {} };

type Start = Omit<Row, 'kind'>;

function otherRow(entry: Exclude<Entry, { kind: 'record' }> | Unreadable, row: Start): Row {
  if (entry.kind === 'unreadable') return { ...row, kind: rowKind.unreadable };
  const terms = [...row.terms, row.id, termOf('of', entry.value.of)];
  const cells = entry.kind === 'label' ? { label: [entry.value.name] } : {};
  return { ...row, terms, cells, kind: rowKind[entry.kind] };
}

function recordRow(record: RunRecord, { id, terms }: Start): Row {
  const key = runKey(record);
  const found = (name: TermKey, ...values: readonly (string | undefined)[]) =>
    values.flatMap((value) => (value === undefined ? [] : termOf(name, value)));
  return {
    kind: matchOrder.indexOf(record.match),
    id,
    run: longHash(key),
    document: documentOf(record),
    snapshot: record.snapshot,
    state: record.state ?? '',
    terms: [
      ...terms,
      id,
      termOf('run', key),
      ...record.outputs.flatMap(({ sha256, pixels }) => [...found('file', sha256), ...found('pixels', pixels)]),
      ...found('identity', record.identity),
      ...found('prompt', record.prompt),
      ...found('commit', record.commit),
      ...found('madeFrom', record.varies, record.reproduces),
      ...found('normal', record.normal),
    ],
    cells: {
      seed: Object.values(record.seeds),
      date: [startOf(record)],
      file: record.outputs.map(({ name }) => name),
      match: [record.match],
      ...(record.workflow === undefined ? {} : { workflow: [record.workflow.path] }),
      ...(record.grade === undefined ? {} : { grade: [record.grade] }),
    },
  };
}

/** Of what a record points to: runs of the same prompt on the same machine share it. */
export const documentOf = ({ snapshot, state = '' }: RunRecord): number => longHash(`${snapshot} ${state}`);

/** The number of the run that a record belongs to, as `Row.run` has it. */
export const runOf = (record: RunRecord): { readonly run: number; readonly term: number } => {
  const key = runKey(record);
  return { run: longHash(key), term: termOf('run', key) };
};
