import { resolve } from 'node:path';
import type { Talk } from '../context.js';
import { ComfyError, Interrupted } from '../errors.js';
import { awaitTurn } from '../files/turn.js';
import { comfyPath, type Repository } from '../git/repository.js';
import type { OutputKeys } from '../lineage/query.js';
import { embeddedFacts, type GivenFacts } from './embedded-facts.js';
import { lookedKeys } from './find-output.js';
import { lookAtFile } from './looking/look-at-file.js';
import type { LookResult } from './looking/look-messages.js';
import { type RecordedRun, recordRuns } from './record-run.js';
import type { RunFacts } from './run-facts.js';
import { type SeenOutputs, seenOutputs } from './seen-outputs.js';
import { readSidecar } from './sidecar.js';

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

/** A file that somebody has looked at, or could not. */
export interface Looked {
  readonly file: string;
  readonly look: LookResult | RefusedFile;
}

/** Takes outputs in, group by group. */
export interface Taking {
  readonly take: (group: readonly Looked[]) => Promise<void>;
  /** What came of all of them. */
  readonly finish: () => Promise<Recording>;
}

/** So many outputs are written to the refs together: few commits, and little is lost by Ctrl-C. */
const batchOutputs = 500;

interface Taken {
  readonly file: string;
  readonly keys: OutputKeys;
  readonly facts: RunFacts;
}

export const lookedOf = async (file: string, looking: Promise<LookResult>): Promise<Looked> => ({
  file,
  look: await looking.catch((error: unknown) => refusal(file, error)),
});

export function startTaking(repository: Repository, options: RecordOptions): Taking {
  const recorded: Recording['recorded'][number][] = [];
  const known: string[] = [];
  const refused: RefusedFile[] = [];
  const seen = seenOutputs(repository);
  let batch: Taken[] = [];
  const settle = async () => {
    const { left, meanwhile, runs } = await writeBatch(repository, batch, options);
    known.push(...meanwhile);
    recorded.push(...runs.map((run, at) => ({ ...run, file: left[at]?.file ?? '' })));
    batch = [];
  };
  return {
    async take(group) {
      const hashed = group.flatMap(({ look }) => ('onlyHashed' in look ? [look] : []));
      if (hashed.length > 0) await seen.lookUp(hashed);
      const left: Looked[] = [];
      for (const looked of group) left.push(await lookFurther(looked, seen, options));
      const keys = new Map(left.flatMap(({ file, look }) => ('embedded' in look ? [[file, lookedKeys(look)]] : [])));
      if (keys.size > 0) await seen.lookUp([...keys.values()]);
      for (const looked of left) {
        const taken = await takeOne(looked, keys.get(looked.file) ?? {}, seen, options);
        if (taken === 'known') known.push(looked.file);
        else if ('reason' in taken) refused.push(taken);
        else {
          batch.push(taken);
          seen.add(taken.keys);
        }
      }
      if (batch.length >= batchOutputs) await settle();
    },
    async finish() {
      await settle();
      return { recorded, known, refused };
    },
  };
}

/** A file that was taken for a recorded one, and is none, is looked at after all. */
async function lookFurther(looked: Looked, seen: SeenOutputs, { cwd }: RecordOptions): Promise<Looked> {
  const { file, look } = looked;
  if (!('onlyHashed' in look) || seen.has(look)) return looked;
  return lookedOf(
    file,
    lookAtFile(resolve(cwd, file), () => true),
  );
}

async function takeOne(
  { file, look }: Looked,
  keys: OutputKeys,
  seen: SeenOutputs,
  { cwd, given, head }: RecordOptions,
): Promise<Taken | RefusedFile | 'known'> {
  if ('reason' in look) return look;
  if ('onlyHashed' in look || isKnown(keys, seen, given)) return 'known';
  try {
    const beside = given === undefined && keys.identity === undefined ? await readSidecar(resolve(cwd, file)) : {};
    const facts = { ...embeddedFacts(file, look, given, beside), ...(head === undefined ? {} : { head }) };
    return { file, keys, facts };
  } catch (error) {
    return refusal(file, error);
  }
}

/** Of one whose metadata is gone the pixels tell: `show` finds it by them all the same. */
const isKnown = (keys: OutputKeys, seen: SeenOutputs, given: GivenFacts | undefined): boolean =>
  (given === undefined && keys.identity === undefined && seen.hasPixels(keys)) || seen.has(keys);

interface Written {
  readonly runs: readonly RecordedRun[];
  /** The outputs of the runs. */
  readonly left: readonly Taken[];
  /** Files that somebody else has recorded since they were looked up. */
  readonly meanwhile: readonly string[];
}

/** One process at a time: what another one has written just now is not written again. */
async function writeBatch(
  repository: Repository,
  batch: readonly Taken[],
  { given, signal }: RecordOptions,
): Promise<Written> {
  if (batch.length === 0) return { runs: [], left: [], meanwhile: [] };
  const turn = await awaitTurn(comfyPath(repository, 'cache', 'recording'), signal);
  try {
    const seen = seenOutputs(repository);
    await seen.lookUp(batch.map(({ keys }) => keys));
    const left = batch.filter(({ keys }) => !isKnown(keys, seen, given));
    const meanwhile = batch.filter((taken) => !left.includes(taken)).map(({ file }) => file);
    const facts = left.map((taken) => taken.facts);
    return { runs: await recordRuns(repository, facts), left, meanwhile };
  } finally {
    await turn.end();
  }
}

/** Why a file is left out. @throws whatever says nothing about this file */
export function refusal(file: string, error: unknown): RefusedFile {
  if (!(error instanceof ComfyError) || error instanceof Interrupted) throw error;
  const { code, message, hint } = error;
  return { file, code, reason: message, ...(hint === undefined ? {} : { hint }) };
}
