import { gatherLineage, type Lineage, type LineageLine } from './lineage.js';
import { isWaiting, joinRuns, type Recorded, type Run } from './query.js';
import type { RunRecord } from './record.js';
import { recordId } from './record-line.js';

/** By what a run may be asked for. */
export interface Question {
  /** SHA-256 of output files, or their first digits. */
  readonly files?: readonly string[];
  /** `pixelDigest` of outputs. */
  readonly pixels?: readonly string[];
  /** `promptIdentity` of executed prompts. */
  readonly identities?: readonly string[];
  /** Prompt ids of the server. */
  readonly prompts?: readonly string[];
  /** Full ids of commits: of the record, or of the note that a line stands in. */
  readonly commits?: readonly string[];
  /** Ids of records, or their first digits. */
  readonly records?: readonly string[];
  /** Ids of records that runs vary or re-create. */
  readonly madeFrom?: readonly string[];
  /** Blob ids of the normal forms of embedded workflows. */
  readonly normals?: readonly string[];
  /** Runs that no commit was known to hold the workflow of. */
  readonly waiting?: boolean;
}

export type QuestionPart = Exclude<keyof Question, 'waiting'>;

/** What one line of a run answers to. */
export type Answers = Readonly<Record<QuestionPart, readonly string[]>>;

/** @param id gives the id of the record: it costs a hash */
export function answersOf(record: RunRecord, commits: readonly string[], id: () => string): Answers {
  const { outputs, identity, prompt, commit, varies, reproduces, normal } = record;
  return {
    files: outputs.map(({ sha256 }) => sha256),
    pixels: outputs.flatMap(({ pixels }) => pixels ?? []),
    identities: some(identity),
    prompts: some(prompt),
    commits: [...some(commit), ...commits],
    get records() {
      return [id()];
    },
    madeFrom: [...some(varies), ...some(reproduces)],
    normals: some(normal),
  };
}

const some = (value: string | undefined) => (value === undefined ? [] : [value]);

/**
 * Of many lines what answers a question: all lines of each run of which one fits any part of it, and the labels on them. A line that cannot be read is
 * named where it mentions what is asked for, or stands in the note of a commit that is.
 */
export function answer(lines: Iterable<LineageLine>, question: Question): Lineage {
  const { waiting = false, ...parts } = question;
  const values = Object.values(parts).flat();
  const mentions = ({ text, commit = '' }: LineageLine) =>
    question.commits?.includes(commit) === true || values.some((value) => text.includes(value));
  const lineage = gatherLineage(lines, mentions);
  const records = joinRuns(lineage.records)
    .filter((run) => (waiting && isWaiting(run)) || linesOf(run).some((line) => isAskedFor(line, parts)))
    .flatMap(linesOf);
  const ids = new Set(lineage.labels.length === 0 ? [] : records.map(({ text }) => recordId(text)));
  return { records, labels: lineage.labels.filter(({ label }) => ids.has(label.of)), skipped: lineage.skipped };
}

const linesOf = ({ best, others }: Run) => [best, ...others];

/** Whether first digits are enough. */
export const isByDigits = (part: string): boolean => part === 'files' || part === 'records';

function isAskedFor({ text, record, commits }: Recorded, question: Question): boolean {
  const answers = answersOf(record, commits, () => recordId(text));
  return Object.entries(question).some(([part, wanted]: [string, readonly string[]]) => {
    const fits = (value: string) => wanted.some((one) => (isByDigits(part) ? value.startsWith(one) : value === one));
    return wanted.length > 0 && answers[part as QuestionPart].some(fits);
  });
}
