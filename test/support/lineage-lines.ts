// Lines of lineage from small numbers: few runs, files and commits, so that they meet again and again.
import { stateDocument } from '../../src/lineage/documents.js';
import type { RunRecord } from '../../src/lineage/record.js';
import { recordId, writeRecord } from '../../src/lineage/record-line.js';
import { noDependencies } from '../../src/lineage/state-document.js';

export const digest = (number: number, digits = 64) =>
  (number * 2654435761).toString(16).padStart(8, '0').slice(0, 8).padEnd(digits, '0');

/** Of runs that took in files that other records made, in a circle too. */
export const states = [[1, 2], [4], [0, 9]].map((files) =>
  stateDocument({
    ...{ ...noDependencies, state: 1, environment: {} },
    inputs: new Map(files.map((file) => [`in_${file}.png`, { digest: `sha256:${digest(file)}` as const }])),
  }),
);

const matches = ['exact', 'seeds', 'derived', 'uncommitted'] as const;

/** One of many records: some are lines of one run, some share a file, pixels or a prompt. */
export function recordOf(number: number, overrides: Partial<RunRecord> = {}): RunRecord {
  const file = number % 7;
  return {
    record: 1,
    match: matches[number % 4] ?? 'exact',
    outputs: [
      { name: `out_${file}.png`, sha256: digest(file), pixels: digest(file % 3), bytes: 1, node: '9', index: 0 },
    ],
    seeds: { '3.seed': String(number % 5) },
    ...(number % 3 === 0 ? {} : { prompt: `prompt ${number % 6}` }),
    ...(number % 4 === 3 ? {} : { commit: digest(number % 3, 40) }),
    ...(number % 5 < 3 ? { state: states[number % 5]?.id ?? '' } : {}),
    ...(number % 5 === 0 ? { varies: digest(number % 2) } : {}),
    snapshot: digest(number % 4),
    identity: digest(number % 5),
    normal: digest(number % 2, 40),
    captured: 'run',
    time: `2026-11-21T12:00:${String(number % 60).padStart(2, '0')}.000Z`,
    ...overrides,
  };
}

export const recordLine = (number: number) => writeRecord(recordOf(number));

/** A line as another program would write it: it has the same id. */
export const spacedLine = (number: number) => JSON.stringify(recordOf(number), undefined, 1).replaceAll('\n', ' ');

export const labelLine = (of: number, name: string) =>
  writeRecord({ label: 1, name, of: recordId(recordLine(of)), time: '2026-11-21T13:00:00.000Z' });

export const tombstoneLine = (line: string) =>
  writeRecord({ tombstone: 1, of: recordId(line), time: '2026-11-21T14:00:00.000Z' });
