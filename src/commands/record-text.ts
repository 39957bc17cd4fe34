import type { Recording } from '../capture/record.js';
import type { JournalRecording } from '../capture/record-journal.js';
import { recordedPlace } from '../terminal/recorded-place.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';

/** What `record` prints of outputs that it was given. */
export function recordingText({ recorded, known, refused }: Recording): string {
  return [
    ...recordedLines(recorded),
    ...(known.length === 0 ? [] : [`${plural(known.length, 'output')} had a record already`]),
    ...refused.flatMap(({ file, reason, hint }) => [
      safeLine(`${file}: not recorded: ${reason}`),
      ...(hint === undefined ? [] : [safeLine(`  ${hint}`)]),
    ]),
  ].join('\n');
}

/** Of a whole folder what was linked is counted by where to; what was not is named file by file. */
function recordedLines(recorded: Recording['recorded']): string[] {
  const [linked, loose] = [true, false].map((is) =>
    recorded.filter(({ record }) => (record.match !== 'uncommitted') === is),
  );
  const lines = (runs: Recording['recorded'] = []) =>
    runs.map(({ file, record }) => safeLine(`${file}: recorded: ${recordedPlace(record)}`));
  if (recorded.length <= mostLines) return lines(recorded);
  const counts = new Map<string, number>();
  for (const { record } of linked ?? []) {
    const place = recordedPlace(record);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [
    ...[...counts].map(([place, count]) => safeLine(`${plural(count, 'output')} recorded: ${place}`)),
    ...lines(loose),
  ];
}

const mostLines = 20;

/** What `record --journal` prints. */
export function journalText({ recorded, known, empty, waiting, damaged }: JournalRecording): string {
  const lines = [
    ...recorded.map(({ record }) =>
      safeLine(`${record.outputs[0]?.name ?? record.prompt}: recorded: ${recordedPlace(record)}`),
    ),
    counted(known, 'run', 'had a record already'),
    counted(empty, 'run', 'failed or left no file'),
    counted(waiting, 'run', 'waits until the capture pack has hashed its models; type it again later'),
    counted(damaged, 'line', 'of the journal cannot be read'),
  ];
  const said = lines.filter((line) => line !== '');
  return said.length === 0 ? 'the journal is empty' : said.join('\n');
}

const counted = (count: number, what: string, words: string) => (count === 0 ? '' : `${plural(count, what)} ${words}`);
