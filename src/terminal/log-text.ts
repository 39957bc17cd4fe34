import { startOf } from '../lineage/query.js';
import type { Grade } from '../lineage/record.js';
import type { ShownCommit, ShownMadeAt, ShownRun } from '../lineage/shown.js';
import { commitLine, runLines, runNote } from './made-text.js';
import type { Paint } from './paint.js';
import { safeLine } from './safe.js';
import { table } from './table.js';
import { plural } from './units.js';

export interface LogText {
  readonly commits: readonly ShownMadeAt[];
  readonly waiting: readonly ShownRun[];
  readonly elsewhere: number;
}

/** Of one run, and of one commit; git comfy show lists all that was made at a commit. */
const mostOutputs = 4;
const mostRuns = 10;

/** Commits, newest first, with how much they made and the last of it below them. */
export function logText({ commits, waiting, elsewhere }: LogText, paint: Paint): string {
  const blocks = commits.map(({ commit, runs }) => block(headLine(commit, runs, paint), commit, runs, paint));
  if (waiting.length > 0) blocks.unshift(block(waitingLine(paint), undefined, waiting, paint));
  return joined(blocks, elsewhere, paint);
}

function block(head: string, commit: ShownCommit | undefined, runs: readonly ShownRun[], paint: Paint): string {
  const last = runs.slice(-mostRuns);
  const left = runs.length - last.length;
  const show = commit === undefined ? 'log --outputs' : `show ${commit.id.slice(0, 10)}`;
  const more = left === 0 ? [] : [`    ${paint('dim', `${plural(left, 'run')} before these: git comfy ${show}`)}`];
  return [head, ...more, ...last.flatMap((run) => runLines(run, paint, mostOutputs))].join('\n');
}

/** Every output on a line of its own: what it is called, when it was made, its hash and what is known of its run. */
export function logOutputsText({ commits, waiting, elsewhere }: LogText, paint: Paint): string {
  const blocks = commits.map(({ commit, runs }) =>
    [headLine(commit, runs, paint), outputTable(runs, paint)].join('\n'),
  );
  if (waiting.length > 0) blocks.unshift([waitingLine(paint), outputTable(waiting, paint)].join('\n'));
  return joined(blocks, elsewhere, paint);
}

const outputTable = (runs: readonly ShownRun[], paint: Paint) =>
  table(
    runs.flatMap(({ record }) =>
      record.outputs.map(({ name, sha256 }) => [
        `    ${safeLine(name)}`,
        startOf(record).slice(0, 10),
        sha256.slice(0, 12),
        paint('dim', runNote(record)),
      ]),
    ),
  );

function joined(blocks: readonly string[], elsewhere: number, paint: Paint): string {
  const rest = elsewhere === 0 ? [] : [paint('dim', `${plural(elsewhere, 'run')} at commits that are not listed here`)];
  const all = [...blocks, ...rest];
  return all.length === 0 ? 'no commit and no output yet' : all.join('\n');
}

const waitingLine = (paint: Paint) => paint('yellow', 'waiting for the first commit');

const headLine = (commit: ShownCommit, runs: readonly ShownRun[], paint: Paint) =>
  [commitLine(commit, paint), ...countWords(runs, paint)].join('  ');

/** `12 outputs, 3 reproductions: 2 full, 1 approximate`. */
function countWords(runs: readonly ShownRun[], paint: Paint): string[] {
  if (runs.length === 0) return [];
  const outputs = runs.reduce((sum, { record }) => sum + record.outputs.length, 0);
  const made = runs.filter(({ record }) => record.reproduces !== undefined);
  const grades = new Map<Grade, number>();
  for (const { record } of made) if (record.grade) grades.set(record.grade, (grades.get(record.grade) ?? 0) + 1);
  const graded = [...grades].map(([grade, count]) => `${count} ${grade}`).join(', ');
  const words = [
    plural(outputs, 'output'),
    ...(made.length === 0 ? [] : [`${plural(made.length, 'reproduction')}${graded === '' ? '' : `: ${graded}`}`]),
  ];
  return [paint('dim', words.join(', '))];
}
