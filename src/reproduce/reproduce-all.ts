import { ComfyError, checkInterrupted, Interrupted } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { atLeast } from '../lineage/grade.js';
import type { Grade } from '../lineage/record.js';
import type { Original } from './original.js';
import { type Again, endedLine } from './report.js';
import { reproduce } from './reproduce.js';
import type { ReproduceOptions } from './reproduce-options.js';
import type { AllReproduced, FailedReproduction, Reproduction } from './reproduction.js';

/**
 * Makes one recorded run after the other again. Of several, one that fails does not keep the others from it.
 * @throws what `reproduce` throws, where there is only one; Interrupted
 */
export async function reproduceAll(
  repository: Repository,
  originals: readonly Original[],
  options: ReproduceOptions,
): Promise<AllReproduced> {
  return eachOriginal(originals, options, (original) => reproduce(repository, original, options));
}

/**
 * One after the other; of several, one that fails does not keep the others from it.
 * @throws what `make` throws, where there is only one; Interrupted
 */
export async function eachOriginal(
  originals: readonly Original[],
  { signal, talk }: Pick<ReproduceOptions, 'signal' | 'talk'>,
  make: (original: Original) => Promise<readonly Reproduction[]>,
): Promise<AllReproduced> {
  const reproductions: Reproduction[] = [];
  const failed: FailedReproduction[] = [];
  for (const [index, original] of originals.entries()) {
    checkInterrupted(signal);
    const again = await madeOrFailed(original, originals.length, make);
    if ('failed' in again) failed.push(again.failed);
    else reproductions.push(...again.reproductions);
    if (originals.length > 1) talk.say(endedLine(again, index + 1, originals.length));
  }
  return { reproductions, failed };
}

async function madeOrFailed(
  original: Original,
  all: number,
  make: (original: Original) => Promise<readonly Reproduction[]>,
): Promise<Again> {
  try {
    return { reproductions: await make(original) };
  } catch (error) {
    if (all === 1 || error instanceof Interrupted || !(error instanceof ComfyError)) throw error;
    return { failed: failureOf(original, error) };
  }
}

export function failureOf({ id, outputs }: Original, { code, message, hint }: ComfyError): FailedReproduction {
  const error = { code, message, ...(hint === undefined ? {} : { hint }) };
  return { original: id, names: outputs.map(({ name }) => name), error };
}

/**
 * Whether each run reached the grade that was wanted of it.
 * @param expect what counts as success; without it what verifying expected
 */
export function reachedAll({ reproductions, failed }: AllReproduced, expect: Grade | undefined): boolean {
  return (
    failed.length === 0 &&
    // A dry run did what it was asked to; a run that --strict stopped did not.
    reproductions.every(({ grade, plan, expected }) =>
      grade === undefined ? plan !== undefined : atLeast(grade, expect ?? expected.grade),
    )
  );
}
