import { measuredWords } from '../lineage/measured-words.js';
import type { ComparedOutput } from './compare-outputs.js';
import type { Reproduction } from './reproduction.js';

const foundWords: Readonly<Record<Reproduction['found'], string>> = {
  file: 'its file',
  pixels: 'its pixels',
  prompt: 'its embedded prompt',
  commit: 'its commit',
};

/** A reproduction for people, a line each: where it came from, what was expected and why, what ran, what was measured, the grade. */
export function reproductionLines(found: Reproduction): string[] {
  return [
    origin(found),
    ...expectation(found),
    ...found.adapted,
    ...ran(found),
    ...(found.outputs ?? []).flatMap(compared),
    ...verdict(found),
  ];
}

function origin({ original, found, names, workflow, commit }: Reproduction): string {
  const place =
    workflow === undefined ? '' : [workflow, ...(commit === undefined ? [] : [commit.slice(0, 10)])].join(' at ');
  // Of all that was made at a commit this says which one; a file that was asked about is known.
  const what = found === 'commit' ? `${names[0] ?? 'no output'}, record` : 'record';
  return `${what} ${original.slice(0, 10)}, found by ${foundWords[found]}${place === '' ? '' : `: ${place}`}`;
}

function expectation({ expected }: Reproduction): string[] {
  const lines = expected.differences.flatMap(({ text, hint }) => [
    `  ${text}`,
    ...(hint === undefined ? [] : [`      ${hint}`]),
  ]);
  return [`expected: ${expected.grade}`, ...lines];
}

function ran({ run, stable }: Reproduction): string[] {
  if (run === undefined) return [];
  const cached = run.cached.length === 0 ? 'nothing from the cache' : `${run.cached.length} nodes from the cache`;
  const steady = stable === undefined ? '' : stable ? ', and twice the same' : ', and not twice the same';
  return [`ran again on ${run.server} in ${seconds(run.duration)}, ${cached}${steady}`];
}

function compared({ name, made, metrics, notMeasured }: ComparedOutput): string[] {
  const measured = metrics === undefined ? `not measured: ${notMeasured}` : measuredWords(metrics);
  return [made === undefined ? name : `${name}, made again as ${made}`, `  ${measured}`];
}

function verdict({ grade, reasons, recorded }: Reproduction): string[] {
  if (grade === undefined) return reasons.map((reason) => `not run: ${reason}`);
  const lines = [`grade: ${grade}`, ...reasons.map((reason) => `  ${reason}`)];
  return recorded === undefined ? lines : [...lines, `recorded as ${recorded.slice(0, 10)}`];
}

const seconds = (milliseconds: number) =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
