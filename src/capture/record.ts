import { resolve } from 'node:path';
import type { Talk } from '../context.js';
import { ComfyError, checkInterrupted, Interrupted } from '../errors.js';
import { readBounded } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { embeddedFacts, type GivenFacts } from './embedded-facts.js';
import { outputKeys } from './find-output.js';
import { fold } from './fold.js';
import { readLineage } from './read-lineage.js';
import { type RecordedRun, recordRuns } from './record-run.js';
import type { RunFacts } from './run-facts.js';
import { type SeenOutputs, seenOutputs } from './seen-outputs.js';
import { readSidecar } from './sidecar.js';

/** Outputs are written to the refs together until they hold this many bytes, or are so many: few commits, bounded memory, and little is lost by Ctrl-C. */
const batchBytes = 128 * 1024 * 1024;
const batchOutputs = 500;

export interface RefusedFile {
  readonly file: string;
  readonly code: string;
  readonly reason: string;
  readonly hint?: string;
}

export interface Recording {
  readonly recorded: readonly (RecordedRun & { readonly file: string })[];
  /** Outputs that lineage had already, also under another name. */
  readonly known: readonly string[];
  readonly refused: readonly RefusedFile[];
}

export interface RecordOptions {
  /** Paths are relative to it. */
  readonly cwd: string;
  /** What is known of outputs that say nothing themselves. */
  readonly given?: GivenFacts;
  /** The commit from which their workflows are looked for; HEAD where not given. */
  readonly head?: string;
  readonly signal: AbortSignal;
  readonly talk: Talk;
}

/**
 * Back-fills: takes existing outputs in, from what ComfyUI embedded in them or from the prompt given. The commit is inferred, and today's hashes stay out.
 * A file that cannot be recorded is named with what to do, and hinders no other.
 * @throws GitError `git-failed`; Interrupted
 */
export async function recordFiles(
  repository: Repository,
  files: readonly string[],
  options: RecordOptions,
): Promise<Recording> {
  // What an interruption left in the journal comes first: some of these outputs may be in it.
  await fold(repository);
  const seen = seenOutputs(await readLineage(repository));
  const recorded: Recording['recorded'][number][] = [];
  const known: string[] = [];
  const refused: RefusedFile[] = [];
  let batch: Taken[] = [];
  let batched = 0;
  const settle = async () => {
    const runs = await recordRuns(
      repository,
      batch.map(({ facts }) => facts),
    );
    recorded.push(...runs.map((run, at) => ({ ...run, file: batch[at]?.file ?? '' })));
    batch = [];
    batched = 0;
  };
  for (const [done, file] of files.entries()) {
    checkInterrupted(options.signal);
    options.talk.progress({ label: 'reading outputs', done, total: files.length, unit: 'count' });
    const taken = await take(file, seen, options).catch((error: unknown) => refusal(file, error));
    if (taken === 'known') known.push(file);
    else if ('reason' in taken) refused.push(taken);
    else {
      batch.push(taken);
      batched += taken.size;
      seen.add(taken.keys);
    }
    if (batched > batchBytes || batch.length >= batchOutputs) await settle();
  }
  await settle();
  options.talk.progress(undefined);
  return { recorded, known, refused };
}

interface Taken {
  readonly file: string;
  readonly keys: ReturnType<typeof outputKeys>;
  readonly facts: RunFacts;
  readonly size: number;
}

async function take(file: string, seen: SeenOutputs, { cwd, given, head }: RecordOptions): Promise<Taken | 'known'> {
  const path = resolve(cwd, file);
  const bytes = await readBounded(path, maxOutputBytes);
  const keys = outputKeys(bytes);
  // Its metadata is gone, and `show` finds it by its pixels all the same.
  const stripped = given === undefined && keys.identity === undefined && seen.hasPixels(keys);
  if (stripped || seen.has(keys)) return 'known';
  const beside = given === undefined && keys.identity === undefined ? await readSidecar(path) : {};
  const facts = { ...embeddedFacts(file, bytes, given, beside), ...(head === undefined ? {} : { head }) };
  return { file, keys, facts, size: bytes.length };
}

/** Why a file is left out. @throws whatever says nothing about this file */
export function refusal(file: string, error: unknown): RefusedFile {
  if (!(error instanceof ComfyError) || error instanceof Interrupted) throw error;
  const { code, message, hint } = error;
  return { file, code, reason: message, ...(hint === undefined ? {} : { hint }) };
}
