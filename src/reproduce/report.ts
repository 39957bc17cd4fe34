import { measuredWords } from '../lineage/measured-words.js';
import type { ComparedOutput } from './compare-outputs.js';
import type { AllReproduced, FailedReproduction, Reproduction } from './reproduction.js';

const foundWords: Readonly<Record<Reproduction['found'], string>> = {
  file: 'its file',
  pixels: 'its pixels',
  prompt: 'its embedded prompt',
  commit: 'its commit',
  record: 'its record',
  query: 'the search',
};

/** A run of several that could not be made again. */
export const failureLines = ({ original, names, error }: FailedReproduction): string[] => [
  `${names[0] ?? 'no output'}, record ${original.slice(0, 10)}: failed`,
  `  ${error.message}`,
  ...(error.hint === undefined ? [] : [`      ${error.hint}`]),
];

/** What became of one of several. */
export type Again = { readonly reproductions: readonly Reproduction[] } | { readonly failed: FailedReproduction };

/** Of one of several, as it ends; the whole story of all comes last. */
export function endedLine(again: Again, ended: number, all: number): string {
  const { names } = 'failed' in again ? again.failed : (again.reproductions[0] ?? { names: [] });
  const words =
    'failed' in again
      ? [`failed: ${again.failed.error.message}`]
      : again.reproductions.map(({ grade, plan, expected }) =>
          grade === undefined ? `${plan === undefined ? 'not run, ' : ''}expected ${expected.grade}` : grade,
        );
  return `${ended}/${all}  ${names[0] ?? 'no output'}  ${words.join(', ')}`;
}

/** How several went, by grade; nothing of a single one. */
export function summaryLines({ reproductions, failed, leftOut = [] }: AllReproduced): string[] {
  const ran = reproductions.filter(({ grade }) => grade !== undefined);
  const left = leftOut.map(({ name, reason }) => `${name} was left out: ${reason}`);
  if (ran.length + failed.length < 2) return left;
  const counts = ['full', 'approximate', 'partial'].map((grade) => [
    ran.filter((one) => one.grade === grade).length,
    grade,
  ]);
  const told = [...counts, [failed.length, 'failed']].filter(([count]) => count !== 0);
  return [`${ran.length + failed.length} runs: ${told.map(([count, what]) => `${count} ${what}`).join(', ')}`, ...left];
}

/** Ways that find more than one. */
const many: ReadonlySet<Reproduction['found']> = new Set(['commit', 'query', 'record']);

/** A reproduction for people, a line each: where it came from, what was expected and why, what ran, what was measured, the grade. */
export function reproductionLines(found: Reproduction): string[] {
  return [
    origin(found),
    ...expectation(found),
    ...planned(found),
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
  const what = many.has(found) ? `${names[0] ?? 'no output'}, record` : 'record';
  return `${what} ${original.slice(0, 10)}, found by ${foundWords[found]}${place === '' ? '' : `: ${place}`}`;
}

function expectation({ expected }: Reproduction): string[] {
  const lines = expected.differences.flatMap(({ text, hint }) => [
    `  ${text}`,
    ...(hint === undefined ? [] : [`      ${hint}`]),
  ]);
  return [`expected: ${expected.grade}`, ...lines];
}

const single = { models: 'model', packs: 'pack', inputs: 'input', classes: 'class' } as const;

/** Of a dry run: what would be done, in the order in which it would be. */
function planned({ plan }: Reproduction): string[] {
  if (plan === undefined) return [];
  const { checkOut, verified, adapt, queue, compare, whenItRuns } = plan;
  const kinds = Object.entries(verified)
    .filter(([kind]) => whenItRuns?.includes(kind === 'classes' ? 'nodes' : kind) !== true)
    .map(([kind, count]) => `${count} ${count === 1 ? single[kind as keyof typeof single] : kind}`);
  const seen =
    whenItRuns === undefined
      ? `${kinds.join(', ')} and the environment: done, see above`
      : `${kinds.join(', ')}: done, see above; ${whenItRuns.join(', ')}: once it runs`;
  const times = queue.times === 1 ? '' : `, ${queue.times} times`;
  return [
    'a run would',
    `  check out ${checkOut.slice(0, 10)} in a temporary work tree`,
    `  verify ${seen}`,
    ...adapt.map((line) => `  adapt ${line}`),
    `  queue ${queue.nodes} nodes on ${queue.server}${times}, with the cache defeated`,
    ...compare.map(({ name, with: what }) => `  compare ${name} with ${compareWords[what]}`),
  ];
}

const compareWords = { file: 'the file', digest: 'its recorded digest: no file of it is here' } as const;

function ran({ run, stable }: Reproduction): string[] {
  if (run === undefined) return [];
  const cached = run.cached.length === 0 ? 'nothing from the cache' : `${run.cached.length} nodes from the cache`;
  const steady = stable === undefined ? '' : stable ? ', and twice the same' : ', and not twice the same';
  return [`ran again on ${run.server} in ${seconds(run.duration)}, ${cached}${steady}`];
}

function compared({ name, made, metrics, notMeasured, position, frames }: ComparedOutput): string[] {
  const place = position === undefined ? '' : `; it came as number ${position + 1} of its node`;
  const words = metrics === undefined ? `not measured: ${notMeasured}` : measuredWords(metrics);
  const measured = `${frames ?? words}${place}`;
  return [made === undefined ? name : `${name}, made again as ${made}`, `  ${measured}`];
}

function verdict({ grade, reasons, recorded }: Reproduction): string[] {
  if (grade === undefined) return reasons.map((reason) => `not run: ${reason}`);
  const lines = [`grade: ${grade}`, ...reasons.map((reason) => `  ${reason}`)];
  return recorded === undefined ? lines : [...lines, `recorded as ${recorded.slice(0, 10)}`];
}

const seconds = (milliseconds: number) =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
