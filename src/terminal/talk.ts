import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import type { Progress, Talk } from '../context.js';
import { Interrupted } from '../errors.js';
import { safe } from './safe.js';
import { bytes, duration } from './units.js';

/** Between two progress lines where nobody can redraw (a log file, CI), and between two drawings on a terminal; milliseconds. */
const pipeEvery = 10_000;
const terminalEvery = 100;

/** Talk that can make room on a terminal. */
export interface TalkOnStderr extends Talk {
  /** Before something goes to stdout: takes the line of progress away, which would stand in front of it. */
  makeRoom(): void;
}

/** Talk on stderr: redrawn progress on a terminal, a line now and then elsewhere. */
export function talkOn(
  err: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number },
  input: Readable & { isTTY?: boolean },
): TalkOnStderr {
  const terminal = err.isTTY === true;
  let shown: { readonly label: string; readonly since: number; drawn: number } | undefined;
  const clear = () => {
    if (terminal && shown !== undefined) err.write('\r\u001b[K');
  };
  return {
    makeRoom() {
      clear();
      if (terminal && shown !== undefined) shown.drawn = 0;
    },
    say(line) {
      clear();
      err.write(`${safe(line)}\n`);
    },
    progress(step) {
      if (step === undefined) {
        clear();
        shown = undefined;
        return;
      }
      const now = Date.now();
      // A short step in a pipe says nothing: the first line comes after the first interval.
      if (shown?.label !== step.label) shown = { label: step.label, since: now, drawn: terminal ? 0 : now };
      if (now - shown.drawn < (terminal ? terminalEvery : pipeEvery)) return;
      shown.drawn = now;
      const line = safe(progressLine(step, now - shown.since));
      err.write(terminal ? `\r\u001b[K${line.slice(0, Math.max(10, (err.columns || 80) - 1))}` : `${line}\n`);
    },
    async confirm(question) {
      if (!terminal || input.isTTY !== true) return false;
      clear();
      return /^y(es)?$/i.test(await ask(`${safe(question)} [y/N] `, input, err));
    },
  };
}

/**
 * One line from the person; nothing where they close the input. While a line is read the terminal is raw, and Ctrl-C a key like others.
 * @throws Interrupted on that key
 */
async function ask(question: string, input: Readable, output: NodeJS.WritableStream): Promise<string> {
  const asked = createInterface({ input, output });
  try {
    return await new Promise((resolve, reject) => {
      asked.once('SIGINT', () => reject(new Interrupted()));
      asked.once('close', () => resolve(''));
      asked.question(question).then((line) => resolve(line.trim()), reject);
    });
  } finally {
    asked.close();
  }
}

/** `hashing models (2 of 9 done)  1.20 GB of 6.46 GB  410 MB/s  13 s left  flux.safetensors 45%`; `elapsed` in milliseconds. */
export function progressLine(step: Progress, elapsed: number): string {
  const show = step.unit === 'bytes' ? bytes : String;
  const parts = [step.shown ?? step.label, ...countOf(step, show)];
  const perSecond = elapsed > 0 ? (step.done / elapsed) * 1000 : 0;
  if (step.unit === 'bytes' && perSecond > 0) {
    parts.push(`${bytes(perSecond)}/s`);
    if (step.total !== undefined) parts.push(`${duration(((step.total - step.done) / perSecond) * 1000)} left`);
  }
  if (step.part !== undefined) parts.push(`${step.part.label} ${percent(step.part)}`);
  return parts.join('  ');
}

const percent = ({ done, total }: { readonly done: number; readonly total: number }) =>
  `${total === 0 ? 100 : Math.min(100, Math.floor((done / total) * 100))}%`;

/** A step that counts nothing yet, and does not know how much it will, is its name alone. */
function countOf({ done, total }: Progress, show: (count: number) => string): string[] {
  if (total !== undefined) return [`${show(done)} of ${show(total)}`];
  return done === 0 ? [] : [show(done)];
}
