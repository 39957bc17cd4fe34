import type { CapturedBy, MatchKind, OutputEntry, RunRecord } from './record.js';

/** A record with the line it was read from; `recordId(text)` is its id. */
export interface Recorded {
  readonly text: string;
  readonly record: RunRecord;
  /** Commits in whose notes the line stands: after a rebase also ones that the record does not name. */
  readonly commits: readonly string[];
}

/** All lines of one run: one a commit that it was matched to. */
export interface Run {
  /** The line with the best match. */
  readonly best: Recorded;
  /** The others, best first. */
  readonly others: readonly Recorded[];
}

/** What is known of an output that somebody asks about. */
export interface OutputKeys {
  readonly sha256?: string;
  readonly pixels?: string;
  /** `promptIdentity` of the embedded prompt. */
  readonly identity?: string;
}

export type FoundBy = 'file' | 'pixels' | 'prompt';

export interface OutputMatch {
  readonly run: Run;
  readonly how: FoundBy;
  /** Absent where the prompt is known and made several outputs: nothing says which one this is. */
  readonly output?: OutputEntry;
  /** Further runs that made the same, best first: reproductions, a file recorded twice. */
  readonly otherRuns: readonly Run[];
}

export const matchOrder: readonly MatchKind[] = ['exact', 'seeds', 'derived', 'uncommitted'];
const captureOrder: readonly CapturedBy[] = ['run', 'pack', 'embedded'];

/** Lines of one server prompt id are one run; a back-filled output without one is known by its snapshot and first file. */
export function joinRuns(records: readonly Recorded[]): Run[] {
  const runs = new Map<string, Recorded[]>();
  for (const recorded of records) {
    const key = runKey(recorded.record);
    const lines = runs.get(key);
    if (lines === undefined) runs.set(key, [recorded]);
    else lines.push(recorded);
  }
  return [...runs.values()].map((lines) => {
    const [best, ...others] = lines.sort((a, b) => byQuality(a.record, b.record) || byText(a, b));
    return { best: best as Recorded, others };
  });
}

/** What the lines of one run have in common. */
export const runKey = (record: RunRecord): string =>
  record.prompt ?? `${record.snapshot} ${record.outputs[0]?.sha256 ?? ''}`;

/**
 * Finds the run that made an output: by the hash of the file, else by its pixels, else by the embedded prompt. Of several the first by origin.
 */
export function findByOutput(records: readonly Recorded[], keys: OutputKeys): OutputMatch | undefined {
  const runs = joinRuns(records);
  const tries: readonly (readonly [FoundBy, (run: Run) => boolean])[] = [
    ['file', (run) => has(run, 'sha256', keys.sha256)],
    ['pixels', (run) => has(run, 'pixels', keys.pixels)],
    ['prompt', ({ best }) => keys.identity !== undefined && best.record.identity === keys.identity],
  ];
  for (const [how, matches] of tries) {
    const [run, ...otherRuns] = runs.filter(matches).sort(byOrigin);
    if (run !== undefined) return { run, how, otherRuns, ...outputOf(run.best.record, how, keys) };
  }
  return undefined;
}

const has = (run: Run, key: 'sha256' | 'pixels', value: string | undefined) =>
  value !== undefined && run.best.record.outputs.some((output) => output[key] === value);

function outputOf({ outputs }: RunRecord, how: FoundBy, keys: OutputKeys): { output?: OutputEntry } {
  const key = how === 'file' ? 'sha256' : 'pixels';
  const output = how === 'prompt' ? undefined : outputs.find((entry) => entry[key] === keys[key]);
  const only = outputs.length === 1 ? outputs[0] : output;
  return only === undefined ? {} : { output: only };
}

/** Of two lines of one run: the better match, then the one that was observed, then the older. */
function byQuality(a: RunRecord, b: RunRecord): number {
  return (
    matchOrder.indexOf(a.match) - matchOrder.indexOf(b.match) ||
    Number(a.inferred ?? false) - Number(b.inferred ?? false) ||
    byTime(a.time, b.time)
  );
}

/** The original before its reproductions, what was captured at the run before what was taken in later. */
export const byOrigin = (a: Run, b: Run): number =>
  Number(a.best.record.reproduces !== undefined) - Number(b.best.record.reproduces !== undefined) ||
  captureOrder.indexOf(a.best.record.captured) - captureOrder.indexOf(b.best.record.captured) ||
  byStart(a, b);

/** Oldest first. */
export const byStart = (a: Run, b: Run): number => byTime(timesOf(a), timesOf(b)) || byText(a.best, b.best);

/** Files that were taken in together may have one time: then by their names. */
const timesOf = ({ best: { record } }: Run) => `${startOf(record)} ${record.time} ${record.outputs[0]?.name ?? ''}`;

/** Whatever the order in which lines were read, the answer is the same. */
const byText = (a: Recorded, b: Recorded) => (a.text < b.text ? -1 : Number(a.text > b.text));

/** Times as records have them sort as text; the order of a language would have to be loaded first. */
export const byTime = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** When the run began, or when it was written down. */
export const startOf = (record: RunRecord): string => record.start ?? record.time;

/** A run whose workflow no commit was known to hold when it was recorded. */
export const isWaiting = ({ best }: Run): boolean =>
  best.record.match === 'uncommitted' || best.record.match === 'derived';
