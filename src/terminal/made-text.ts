import type { ShownMadeAt, ShownRun } from '../lineage/shown.js';
import type { Paint } from './paint.js';
import { safeLine } from './safe.js';
import { duration, plural } from './units.js';

/**
 * A commit and what was made at it, one line an output.
 * @param most outputs of one run that are listed; a batch of 64 would hide the rest
 */
export function madeText({ commit, runs }: ShownMadeAt, paint: Paint, most = Number.POSITIVE_INFINITY): string {
  return [commitLine(commit, paint), ...runs.flatMap((run) => runLines(run, paint, most))].join('\n');
}

export const commitLine = ({ id, subject, time }: ShownMadeAt['commit'], paint: Paint): string =>
  `${paint('yellow', id.slice(0, 10))} ${safeLine(subject)} ${paint('dim', time.slice(0, 10))}`;

/** What is known of a run, in a few words. */
export const runNote = (record: ShownRun['record']): string =>
  [matchNote(record.match), seedNote(record.seeds), took(record.duration), gradeNote(record)]
    .filter((part) => part !== '')
    .join(', ');

/** Outputs of one run; the second and further ones stand below the first. */
export function runLines({ record, rewritten }: ShownRun, paint: Paint, most: number): string[] {
  const before = rewritten === true ? `made at ${record.commit?.slice(0, 10) ?? ''}, rewritten since` : '';
  const note = [runNote(record), before].filter((part) => part !== '').join(', ');
  // The line that says how many more there are takes the place of one.
  const shown = record.outputs.length > most ? record.outputs.slice(0, most - 1) : record.outputs;
  const lines = shown.map(({ name }, at) => {
    const text = `    ${safeLine(name)}`;
    return at === 0 && note !== '' ? `${text}  ${paint('dim', note)}` : text;
  });
  const more = record.outputs.length - shown.length;
  return more === 0 ? lines : [...lines, `    ${paint('dim', `and ${more} more of this run`)}`];
}

const matchNote = (match: ShownRun['record']['match']) =>
  match === 'uncommitted' ? 'not committed' : match === 'derived' ? 'with other values' : '';

function seedNote(seeds: Readonly<Record<string, string>>): string {
  const values = [...new Set(Object.values(seeds))];
  if (values.length === 0) return '';
  return values.length === 1 ? `seed ${safeLine(values[0] ?? '')}` : plural(values.length, 'seed');
}

const took = (milliseconds: number | undefined) => (milliseconds === undefined ? '' : `took ${duration(milliseconds)}`);

const gradeNote = ({ reproduces, varies, grade }: ShownRun['record']) =>
  reproduces !== undefined
    ? `reproduction${grade === undefined ? '' : `: ${grade}`}`
    : varies === undefined
      ? ''
      : 'variation';
