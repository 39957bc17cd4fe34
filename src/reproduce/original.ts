import { basename, resolve } from 'node:path';
import { findByDigest } from '../capture/find-by-digest.js';
import { findOutput, refuseDamaged } from '../capture/find-output.js';
import type { FoundOutput } from '../capture/found-output.js';
import { lineageAbout } from '../capture/lineage-about.js';
import { readSeenDocuments } from '../capture/read-documents.js';
import { InputError } from '../errors.js';
import { readBounded } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { commitOf } from '../git/revision.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { type FoundBy, joinRuns, type Recorded, startOf } from '../lineage/query.js';
import type { OutputEntry, RunRecord } from '../lineage/record.js';
import { recordId } from '../lineage/record-line.js';
import type { Snapshot } from '../lineage/snapshot.js';
import type { State } from '../lineage/state.js';
import { shellWord } from '../shell-word.js';
import { documentKind } from '../workflow/detect.js';
import { tryParseJson } from '../workflow/json.js';

/** A recorded run that is to be made again. */
export interface Original {
  /** Id of its record. */
  readonly id: string;
  readonly record: RunRecord;
  /** By what it was found. */
  readonly how: FoundBy | 'commit' | 'record' | 'query';
  /** The outputs that are compared. */
  readonly outputs: readonly OutputEntry[];
  readonly snapshot: Snapshot;
  /** Absent where nothing was captured at the run. */
  readonly state?: State;
  /** The file that was asked about. */
  readonly file?: Buffer;
}

/** Which of many runs are meant; of a named output there is only one. */
export interface Narrowing {
  /** Runs that began on this day, month or year (ISO 8601, as far as it goes), or later. */
  readonly since?: string;
  /** So many of the newest. */
  readonly limit?: number;
}

/**
 * Step 1: the run that made an output (a file, or the first digits of its SHA-256 or of the record's id), or all runs that were made at a commit.
 * @param asked a path relative to `cwd`, anything that git takes for a commit, or hexadecimal digits
 * @throws InputError `no-record`, `no-such-output`, `no-snapshot`, `ambiguous-output`; GitError `no-commit`
 */
export async function findOriginals(
  repository: Repository,
  asked: string,
  cwd: string,
  narrowing: Narrowing = {},
): Promise<Original[]> {
  const file = await readAsked(resolve(cwd, asked));
  if (file !== undefined) return [await fromFile(repository, asked, file)];
  const commit = await commitOf(repository, asked);
  if (commit !== undefined) return fromCommit(repository, asked, commit, narrowing);
  const named = isDigits(asked) ? await fromDigits(repository, asked.toLowerCase()) : undefined;
  if (named !== undefined) return [named];
  throw new InputError(
    'no-such-output',
    `${asked} is neither a file nor a commit, nor the hash of an output or record`,
    {
      hint: 'git comfy log lists the commits and the outputs that each made',
    },
  );
}

/** The beginning of a SHA-256; fewer digits would fit by chance. */
const isDigits = (asked: string) => /^[0-9a-f]{6,64}$/i.test(asked);

/** An output that a search found, and the id of its record. */
export interface FoundRow {
  readonly id: string;
  readonly record: RunRecord;
  readonly output: OutputEntry;
}

/**
 * The runs that made what a search found, each with those of its outputs that fit. Reproductions and variations count like any other run.
 * @throws InputError `no-snapshot`
 */
export async function originalsOf(
  repository: Repository,
  rows: readonly FoundRow[],
  narrowing: Narrowing,
): Promise<Original[]> {
  const runs = new Map<string, { readonly record: RunRecord; readonly outputs: OutputEntry[] }>();
  for (const { id, record, output } of rows) {
    const run = runs.get(id) ?? { record, outputs: [] };
    run.outputs.push(output);
    runs.set(id, run);
  }
  const originals: Original[] = [];
  for (const [id, { record, outputs }] of narrowed([...runs], ([, run]) => run.record, narrowing)) {
    originals.push({ id, record, how: 'query', outputs, ...(await documents(repository, record)) });
  }
  return originals;
}

/** Those that began late enough, newest first, and no more than were asked for. */
function narrowed<T>(runs: readonly T[], recordOf: (run: T) => RunRecord, { since = '', limit }: Narrowing): T[] {
  return runs
    .filter((run) => startOf(recordOf(run)) >= since)
    .sort((a, b) => startOf(recordOf(b)).localeCompare(startOf(recordOf(a))))
    .slice(0, limit);
}

async function readAsked(path: string): Promise<Buffer | undefined> {
  try {
    return await readBounded(path, maxOutputBytes);
  } catch (error) {
    if (error instanceof InputError && ['no-such-file', 'not-a-file'].includes(error.code)) return undefined;
    throw error;
  }
}

async function fromFile(repository: Repository, asked: string, file: Buffer): Promise<Original> {
  const found = await findOutput(repository, file);
  if (found === undefined) {
    refuseDamaged(asked, file);
    refuseWorkflow(asked, file);
    throw new InputError('no-record', `nothing is recorded about ${asked}`, {
      hint: `take it in from its embedded data first: git comfy record ${shellWord(asked)}`,
    });
  }
  const { id, record, how } = found;
  return { id, record, how, outputs: targets(found), file, ...(await documents(repository, record)) };
}

/** @throws InputError `is-a-workflow` */
function refuseWorkflow(asked: string, file: Buffer): void {
  const json = /^\s*\{/.test(file.toString('utf8', 0, 64)) ? tryParseJson(file.toString('utf8')) : undefined;
  if (json === undefined || documentKind(json) === 'other') return;
  const name = basename(asked);
  const filter = shellWord(`workflow:${/\s/.test(name) ? `"${name}"` : name}`);
  throw new InputError('is-a-workflow', `${asked} is a workflow, and no output of one`, {
    hint: `what it made, again: git comfy reproduce --find ${filter}   or something new: git comfy run ${shellWord(asked)}`,
  });
}

/** Where the prompt alone was recognised nothing says which output of the run it was. */
const targets = ({ output, record }: FoundOutput) => (output === undefined ? record.outputs : [output]);

async function fromCommit(
  repository: Repository,
  asked: string,
  commit: string,
  narrowing: Narrowing,
): Promise<Original[]> {
  const { records } = await lineageAbout(repository, { commits: [commit] });
  const runs = joinRuns(records.filter(({ record }) => record.commit === commit && record.reproduces === undefined));
  const wanted = narrowed(
    runs.map(({ best }) => best),
    ({ record }) => record,
    narrowing,
  );
  if (wanted.length === 0) {
    const since = runs.length > 0 && narrowing.since !== undefined ? ` since ${narrowing.since}` : '';
    throw new InputError('no-record', `no recorded output was made at ${asked}${since}`, {
      hint: 'git comfy log lists the commits and the outputs that each made',
    });
  }
  const originals: Original[] = [];
  for (const recorded of wanted) originals.push(await wholeRun(repository, recorded, 'commit'));
  return originals;
}

async function wholeRun(repository: Repository, recorded: Recorded, how: Original['how']): Promise<Original> {
  const { text, record } = recorded;
  return { id: recordId(text), record, how, outputs: record.outputs, ...(await documents(repository, record)) };
}

/** By the hash of an output, else by the id of a record. */
async function fromDigits(repository: Repository, digits: string): Promise<Original | undefined> {
  const found = await findByDigest(repository, digits);
  if (found !== undefined) {
    const { id, record, how } = found;
    return { id, record, how, outputs: targets(found), ...(await documents(repository, record)) };
  }
  const { records } = await lineageAbout(repository, { records: [digits] });
  const runs = records.filter(({ text }) => recordId(text).startsWith(digits));
  const ids = [...new Set(runs.map(({ text }) => recordId(text)))];
  if (ids.length > 1) {
    throw new InputError('ambiguous-output', `${ids.length} records have an id that begins with ${digits}`, {
      hint: `say more of it: ${ids
        .slice(0, 5)
        .map((id) => id.slice(0, digits.length + 6))
        .join(', ')}`,
    });
  }
  return runs[0] === undefined ? undefined : wholeRun(repository, runs[0], 'record');
}

async function documents(repository: Repository, record: RunRecord): Promise<Pick<Original, 'snapshot' | 'state'>> {
  const { snapshot, state } = await readSeenDocuments(repository, record);
  if (snapshot?.parameters !== undefined) {
    throw new InputError('no-prompt', 'another program made it: there are its parameters, and no prompt of ComfyUI', {
      hint: 'git comfy show tells them; build a workflow with them, and run that',
    });
  }
  if (snapshot !== undefined) return { snapshot, ...(state === undefined ? {} : { state }) };
  throw new InputError('no-snapshot', 'the prompt of this run is not in the store', {
    hint: 'fetch it from the remote that has it: git comfy sync',
  });
}
