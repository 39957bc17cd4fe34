import { join, relative } from 'node:path';
import type { DriftStatus } from '../sharing/drift-status.js';
import type { Status } from '../sharing/status.js';
import type { UnrecordedOutputs } from '../sharing/unrecorded-outputs.js';
import { shellWord } from '../shell-word.js';
import { heading } from '../terminal/diff-text.js';
import type { Paint } from '../terminal/paint.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import { changeLines } from '../workflow/diff-words.js';
import { noneTracked } from './none-tracked.js';

/** What `status` prints: workflows, drift, outputs; paths of outputs as seen from `cwd`. */
export function statusText(status: Status, cwd: string, paint: Paint): string {
  const section = (title: string, lines: readonly string[]) => [
    paint('bold', title),
    ...lines.map((line) => `  ${safeLine(line)}`),
  ];
  return [
    ...section('workflows', workflowLines(status)),
    ...section('drift', driftLines(status.drift)),
    ...outputSection(status, cwd, section),
  ].join('\n');
}

function outputSection(
  { outputs, waiting }: Status,
  cwd: string,
  section: (title: string, lines: readonly string[]) => string[],
): string[] {
  const lines = [...waitingLines(waiting), ...(outputs === undefined ? [] : outputLines(outputs, cwd))];
  return lines.length === 0 ? [] : section('outputs', lines);
}

function waitingLines({ runs, outputs, damaged, forFirstCommit }: Status['waiting']): string[] {
  const why = forFirstCommit
    ? 'they wait for the first commit'
    : 'the next git comfy commit, record or sync takes them in';
  return [
    ...(runs === 0 ? [] : [`${plural(runs, 'run')} with ${plural(outputs, 'output')} in the journal: ${why}`]),
    ...(damaged === 0 ? [] : [`${plural(damaged, 'file')} of the journal cannot be read (git comfy fsck)`]),
  ];
}

function workflowLines({ tracked, changed, moved, untracked, unmerged, stale }: Status): string[] {
  const lines = [
    ...unmerged.map((path) => `${path}: a merge left it open (git comfy conflicts)`),
    ...changed.flatMap((file) => [
      heading(file),
      ...[...(file.reason === undefined ? [] : [file.reason]), ...changeLines(file.changes)].map((line) => `  ${line}`),
    ]),
    ...moved.map((path) => `${path}: only its layout changed, which it keeps (comfy-layout=keep)`),
    ...untracked.map((path) => `${path}: new, not added yet (git add)`),
    ...stale.map(
      ({ path, commit, time }) =>
        `${path} equals its version of ${commit.slice(0, 12)} (${time.slice(0, 10)}): saved from a stale browser tab?`,
    ),
  ];
  if (lines.length > 0) return lines;
  return [tracked === 0 ? noneTracked : 'as in the last commit'];
}

function driftLines({ differences, uncovered, notLookedAt }: DriftStatus): string[] {
  const lines = [
    ...differences.map(({ text }) => text),
    ...few(uncovered.map((what) => `${what}: not in the lock yet (git comfy lock)`)),
    ...(notLookedAt === undefined ? [] : [`not looked at: ${notLookedAt}`]),
  ];
  return lines.length === 0 ? ['none that can be seen without hashing (git comfy verify)'] : lines;
}

function outputLines({ folder, looked, unrecorded }: UnrecordedOutputs, cwd: string): string[] {
  if (looked === 0) return ['none in the output folder of ComfyUI yet'];
  if (unrecorded.length === 0) return [looked === 1 ? 'the only one is recorded' : `the newest ${looked} are recorded`];
  const shown = unrecorded.slice(0, mostNames).map((path) => relative(cwd, join(folder, path)));
  const more = unrecorded.length - shown.length;
  return [
    `${plural(unrecorded.length, 'output')} of the newest ${looked} not recorded yet:`,
    ...shown.map((path) => `  ${path}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `git comfy record ${shellWord(shown[0] ?? '')}${unrecorded.length > 1 ? ' ...' : ''}`,
  ];
}

const mostNames = 10;

const few = (lines: readonly string[]) =>
  lines.length <= mostNames ? lines : [...lines.slice(0, mostNames), `and ${lines.length - mostNames} more`];
