import type { ShownMadeAt, ShownRun } from '../lineage/shown.js';
import { madeText, runLines } from './made-text.js';
import type { Paint } from './paint.js';
import { plural } from './units.js';

export interface LogText {
  readonly commits: readonly ShownMadeAt[];
  readonly waiting: readonly ShownRun[];
  readonly elsewhere: number;
}

/** Of one run; git comfy show lists all that was made at a commit. */
const mostOutputs = 4;

/** Commits, newest first, with their outputs below them. */
export function logText({ commits, waiting, elsewhere }: LogText, paint: Paint): string {
  const blocks = commits.map((made) => madeText(made, paint, mostOutputs));
  if (waiting.length > 0) {
    const lines = waiting.flatMap((run) => runLines(run, paint, mostOutputs));
    blocks.unshift([paint('yellow', 'waiting for the first commit'), ...lines].join('\n'));
  }
  if (elsewhere > 0) {
    blocks.push(paint('dim', `${plural(elsewhere, 'run')} at commits that are not listed here`));
  }
  return blocks.length === 0 ? 'no commit and no output yet' : blocks.join('\n');
}
