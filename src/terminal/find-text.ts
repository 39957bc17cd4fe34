import type { Facets } from '../lineage/facets.js';
import { startOf } from '../lineage/query.js';
import type { OutputEntry, RunRecord } from '../lineage/record.js';
import { csv } from './csv.js';
import type { Paint } from './paint.js';
import { safeLine } from './safe.js';
import { table } from './table.js';

interface Row {
  readonly id: string;
  readonly output: OutputEntry;
  readonly record: RunRecord;
  readonly labels: readonly string[];
  readonly facets?: Facets;
}

const seedsOf = ({ seeds }: RunRecord) => [...new Set(Object.values(seeds))].join(' ');

/** One output a line: name, day, commit, seed, labels. */
export function findText(rows: readonly Row[], paint: Paint): string {
  const cells = rows.map(({ output, record, labels }) => [
    safeLine(output.name),
    startOf(record).slice(0, 10),
    record.commit?.slice(0, 10) ?? 'no commit',
    safeLine(seedsOf(record)) === '' ? '' : `seed ${safeLine(seedsOf(record))}`,
    paint('cyan', labels.map(safeLine).join(' ')),
  ]);
  return table(cells);
}

const header = [
  'file',
  'sha256',
  'date',
  'commit',
  'workflow',
  'seeds',
  'models',
  'prompt',
  'labels',
  'grade',
  'record',
];

/** For a spreadsheet, with a line of headings. */
export const findCsv = (rows: readonly Row[]): string => csv([header, ...rows.map(csvRow)]);

const csvRow = ({ id, output, record, labels, facets }: Row): string[] => [
  output.name,
  output.sha256,
  startOf(record),
  record.commit ?? '',
  record.workflow?.path ?? '',
  seedsOf(record),
  (facets?.models ?? []).join(' '),
  (facets?.positive ?? []).join('\n'),
  labels.join(' '),
  record.grade ?? '',
  id,
];
