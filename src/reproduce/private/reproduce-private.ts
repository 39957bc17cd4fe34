import { ComfyError, Interrupted } from '../../errors.js';
import type { Repository } from '../../git/repository.js';
import { noDependencies } from '../../lineage/state-document.js';
import type { Dependencies } from '../../lock/entries.js';
import { dryRun } from '../dry-run.js';
import { lockOfRun } from '../lock-of-run.js';
import type { Original } from '../original.js';
import { atCommit } from '../reproduce.js';
import { eachOriginal, failureOf, reproduceAll } from '../reproduce-all.js';
import type { ReproduceOptions } from '../reproduce-options.js';
import type { AllReproduced, FailedReproduction, Reproduction } from '../reproduction.js';
import { type PrivateOptions, privatePlanLines, withPrivateServer } from './with-private-server.js';

/**
 * Makes recorded runs again on private ComfyUIs, one for all runs of the same code.
 * @throws what `withPrivateServer` and `reproduceAll` throw, where there is one such group
 */
export async function reproduceInPrivate(
  repository: Repository,
  originals: readonly Original[],
  options: Options,
): Promise<AllReproduced> {
  const groups = await groupsOf(repository, originals);
  const make = options.dryRun === true ? planned : madeAgain;
  const reproductions: Reproduction[] = [];
  const failed: FailedReproduction[] = [];
  for (const group of groups) {
    try {
      const found = await make(repository, group, options);
      reproductions.push(...found.reproductions);
      failed.push(...found.failed);
    } catch (error) {
      if (groups.length === 1 || error instanceof Interrupted || !(error instanceof ComfyError)) throw error;
      failed.push(...group.originals.map((original) => failureOf(original, error)));
    }
  }
  return { reproductions, failed };
}

type Options = Omit<ReproduceOptions, 'server' | 'outputFolder'> & PrivateOptions;

async function madeAgain(repository: Repository, { expected, originals }: Group, options: Options) {
  const outputFolder = options.around.installation?.output;
  const recorded = originals[0]?.state?.environment;
  return withPrivateServer(repository, expected, recorded, options, (instance) =>
    reproduceAll(repository, originals, { ...options, ...instance, outputFolder }),
  );
}

/** What would be checked out and asked about, said line by line, and the plan of each run. The user's own ComfyUI need not run for that. */
async function planned(repository: Repository, { expected, originals }: Group, options: Options) {
  const { talk, signal } = options;
  for (const line of await privatePlanLines(repository, expected, options)) talk.say(line);
  const { server: _, ...around } = options.around;
  const planning = { ...options, around, outputFolder: around.installation?.output };
  return eachOriginal(originals, { signal, talk }, async (original) => [
    await atCommit(repository, original, signal, (at) => dryRun(repository, original, at, planning)),
  ]);
}

interface Group {
  readonly expected: Dependencies;
  readonly originals: Original[];
}

async function groupsOf(repository: Repository, originals: readonly Original[]): Promise<Group[]> {
  const groups = new Map<string, Group>();
  for (const original of originals) {
    const expected = await expectedOf(repository, original);
    const group = groups.get(codeKey(expected)) ?? { expected, originals: [] };
    group.originals.push(original);
    groups.set(codeKey(expected), group);
  }
  return [...groups.values()];
}

export const expectedOf = async (repository: Repository, { state, record }: Original): Promise<Dependencies> =>
  state ?? (await lockOfRun(repository, record)) ?? noDependencies;

const codeKey = ({ comfyui, packs }: Dependencies) =>
  JSON.stringify([comfyui, [...packs].sort(([a], [b]) => (a < b ? -1 : 1))]);
