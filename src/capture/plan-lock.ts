import type { Talk } from '../context.js';
import { ComfyError } from '../errors.js';
import { type Difference, driftBetween, missingClasses } from '../lock/drift.js';
import type { Dependencies, Lock } from '../lock/entries.js';
import type { Known } from '../lock/model-needs.js';
import { type Needs, needsOf } from '../lock/needs.js';
import { type PlanOptions, planLock } from '../lock/plan.js';
import { settleGuesses } from '../lock/settle-guesses.js';
import { unlikeNamed } from '../lock/unlike-named.js';
import { choosesUnknownFiles } from '../workflow/chosen-files.js';
import { classesInFile, classesUsed } from '../workflow/packs-named.js';
import { readSource } from '../workflow/read-source.js';
import type { Source } from '../workflow/resolved-nodes.js';
import { observe } from './observe.js';
import { shadowedModels } from './shadowed-models.js';
import { knownClasses, knownFolders, type Surroundings } from './surroundings.js';

/** A tracked file as it is in the index, a commit or the work tree. */
export interface TrackedBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly keepsLayout?: true;
}

export interface Planning extends PlanOptions {
  readonly around: Surroundings;
  readonly budgetMs?: number;
  readonly signal: AbortSignal;
  readonly talk: Talk;
}

export interface PlannedLock {
  readonly lock: Lock;
  readonly observed: Dependencies;
  /** Between the planned lock and what is there: what was not moved, not found, not hashed. */
  readonly drift: readonly Difference[];
}

/** Workflows and prompts among tracked files; the rest passes through git untouched and needs nothing. Damaged ones are told of. */
export function readSources(files: readonly TrackedBytes[], talk: Talk): Map<string, Source> {
  const sources = new Map<string, Source>();
  for (const { path, bytes } of files) {
    try {
      const source = readSource(bytes);
      if (source !== undefined) sources.set(path, source);
    } catch (error) {
      if (!(error instanceof ComfyError)) throw error;
      talk.say(`not locked: ${path}: ${error.message}`);
    }
  }
  return sources;
}

/** Muted nodes name models too, and groups are laid out by the interfaces of what is in them. */
const everyClass = (source: Source): string[] =>
  'root' in source ? [...new Set([...classesUsed(source), ...classesInFile(source)])] : classesUsed(source);

/** What workflows need, with what a server or the model folders on disk know of it. */
export async function findNeeds(
  sources: ReadonlyMap<string, Source>,
  around: Surroundings,
  signal: AbortSignal,
): Promise<{ readonly needs: Needs; readonly known: Known }> {
  const classes = [...new Set([...sources.values()].flatMap(everyClass))];
  const known = await knownClasses(around, classes, signal);
  // An earlier answer tells what a workflow names; what is there now only a server that runs can say.
  const info = known.info ?? (await around.remembered?.());
  const needs = needsOf(sources, { info });
  const elsewhere = around.server !== undefined && around.installation === undefined;
  // Lists of whole folders are asked for only where something cannot be told without them.
  const unsure = [...needs.models.values()].some(({ guess }) => guess) || choosesUnknownFiles(sources.values(), info);
  if (!unsure && !elsewhere) return { needs, known };
  const folders = await knownFolders(around, signal);
  return { needs: needsOf(sources, { info, folders }), known: { ...known, folders } };
}

/** The next lock for these needs: observes what is there, and moves nothing that it was not told to move. */
export async function planFrom(old: Lock, needs: Needs, known: Known, planning: Planning): Promise<PlannedLock> {
  const { around, update, ...rest } = planning;
  const settled = settleGuesses(needs, old);
  const observed = await observe(settled, { ...rest, ...around, known, lock: old });
  const lock = planLock(old, settled, observed, update === undefined ? {} : { update });
  const missing = known.info === undefined ? [] : missingClasses(settled.classes, observed.classes);
  const told = [...missing, ...unlikeNamed(settled.models, observed.models)];
  const shadowed =
    around.installation === undefined ? [] : await shadowedModels(lock.models.keys(), around.installation);
  return { lock, observed, drift: [...driftBetween(lock, observed), ...told, ...shadowed] };
}
