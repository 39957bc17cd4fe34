import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Installation } from '../comfyui/installation.js';
import type { JournalRun } from '../comfyui/journal-line.js';
import { journalFiles, readRunJournal } from '../comfyui/run-journal.js';
import type { Talk } from '../context.js';
import { checkInterrupted, InputError } from '../errors.js';
import { headThen } from '../git/head-then.js';
import type { Repository } from '../git/repository.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { classesUsed } from '../workflow/packs-named.js';
import { readPrompt } from '../workflow/prompt.js';
import { fold } from './fold.js';
import { journalFacts } from './journal-facts.js';
import { outputFinder } from './journal-outputs.js';
import { lineageAbout } from './lineage-about.js';
import { type RecordedRun, recordRuns } from './record-run.js';
import type { RunFacts } from './run-facts.js';
import { knownClasses, type Surroundings } from './surroundings.js';

/** What came of taking a journal in. Runs are counted by why they were not recorded. */
export interface JournalRecording {
  readonly recorded: readonly (RecordedRun & { readonly prompt: string })[];
  /** Had a record already, or made nothing that was new. */
  readonly known: number;
  /** Failed or were interrupted, or left no file. */
  readonly empty: number;
  /** The capture pack still hashes their models. */
  readonly waiting: number;
  /** Lines that cannot be read. */
  readonly damaged: number;
}

export interface JournalOptions {
  /** The folder or file of the journal; the one of this machine's ComfyUI without it. */
  readonly path?: string | undefined;
  readonly around: Surroundings;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly talk: Talk;
}

/** Runs are written to the refs together until their outputs hold this many bytes, or there are this many. */
const batchBytes = 128 * 1024 * 1024;
const batchRuns = 200;
/** A hash that has not come by then will not come any more. */
const patienceMs = 24 * 3600 * 1000;

/**
 * Takes in what the capture pack wrote down: a record for each run that has none, with what was true when it ran. Again is harmless.
 * @throws InputError `no-journal`, `file-too-large`; GitError; Interrupted
 */
export async function recordJournal(repository: Repository, options: JournalOptions): Promise<JournalRecording> {
  const { around, signal, talk, now } = options;
  const path = options.path ?? (await findJournal(around.installation));
  await fold(repository);
  const seen = new Set<string>();
  const find = outputFinder(around.installation?.output);
  const headAt = await headThen(repository);
  const recorded: JournalRecording['recorded'][number][] = [];
  const counts = { known: 0, empty: 0, waiting: 0, damaged: 0 };
  let batch: RunFacts[] = [];
  const settle = async () => {
    for (const [at, run] of (await recordRuns(repository, batch)).entries()) {
      if (run.alreadyRecorded === true) counts.known++;
      else recorded.push({ ...run, prompt: batch[at]?.promptId ?? '' });
    }
    batch = [];
  };
  for await (const { runs, damaged } of readRunJournal(await journalFiles(path))) {
    counts.damaged += damaged;
    for (const prompt of await recordedPrompts(repository, runs)) seen.add(prompt);
    const wanted = runs.filter((run) => isWanted(run, seen, now, counts));
    const info = await interfacesOf(wanted, around, signal);
    for (const run of wanted) {
      checkInterrupted(signal);
      seen.add(run.promptId);
      talk.progress({ label: 'reading the journal', done: seen.size, unit: 'count' });
      batch.push(await journalFacts(run, find, { head: headAt(run.start), info }));
      if (batch.length >= batchRuns || sizeOf(batch) > batchBytes) await settle();
    }
  }
  await settle();
  talk.progress(undefined);
  return { recorded, ...counts };
}

/** Prompt ids of those runs that have a record. */
async function recordedPrompts(repository: Repository, runs: readonly JournalRun[]): Promise<string[]> {
  const { records } = await lineageAbout(repository, { prompts: runs.map(({ promptId }) => promptId) });
  return records.flatMap(({ record }) => record.prompt ?? []);
}

const sizeOf = (batch: readonly RunFacts[]) =>
  batch.flatMap(({ outputs }) => outputs).reduce((sum, { bytes }) => sum + bytes.length, 0);

/** Whether a run is to be recorded; where not, it is counted. */
function isWanted(
  run: JournalRun,
  seen: ReadonlySet<string>,
  now: Date,
  counts: { known: number; empty: number; waiting: number; damaged: number },
): boolean {
  const made = run.outputs.some(({ sha256 }) => sha256 !== undefined);
  const soon = run.pending && now.getTime() - run.end.getTime() < patienceMs;
  if (seen.has(run.promptId)) counts.known++;
  else if (!run.success || !made) counts.empty++;
  else if (soon) counts.waiting++;
  else return true;
  return false;
}

/** A prompt that came without its workflow is matched by converting committed ones, which needs the interfaces of its nodes. */
async function interfacesOf(
  runs: readonly JournalRun[],
  around: Surroundings,
  signal: AbortSignal,
): Promise<ObjectInfo | undefined> {
  const bare = runs.filter(({ workflow }) => workflow === undefined);
  const classes = new Set(bare.flatMap(({ prompt }) => classesUsed(readPrompt(prompt))));
  return (await knownClasses(around, [...classes], signal)).info;
}

/** The pack writes into ComfyUI's user folder, which is beside its other folders unless it was told otherwise. */
async function findJournal(installation: Installation | undefined): Promise<string> {
  const { root, output, customNodes = [] } = installation ?? {};
  const beside = [root, ...[output, ...customNodes].map((folder) => folder && dirname(folder))];
  for (const base of new Set(beside)) {
    const path = base === undefined ? undefined : join(base, 'user', '__gitcomfy');
    if (path !== undefined && (await stat(path).catch(() => undefined)) !== undefined) return path;
  }
  throw new InputError('no-journal', 'no run journal was found beside the ComfyUI of this machine', {
    hint: 'name it: git comfy record --journal <ComfyUI>/user/__gitcomfy; git comfy init --capture-pack has one written',
  });
}
