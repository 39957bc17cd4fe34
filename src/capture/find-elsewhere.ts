import { GitError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { type FoundOutput, findOutput } from './find-output.js';
import { knownRepositories } from './known-repositories.js';

/** An output, and the repository whose lineage knows it. */
export interface FoundElsewhere {
  readonly repository: Repository;
  readonly found: FoundOutput;
}

/**
 * Finds the record of an output in the repositories that were set up on this machine. One that was set up and is at hand answers for itself: then
 * nobody else is asked.
 */
export async function findElsewhere(
  here: Repository | undefined,
  bytes: Uint8Array,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FoundElsewhere | undefined> {
  const known = await knownRepositories(env);
  if (known.some(({ top }) => top === here?.top)) return undefined;
  for (const repository of known) {
    const found = await findIn(repository, bytes);
    // The prompt alone is in the file, too.
    if (found !== undefined && found.how !== 'prompt') return { repository, found };
  }
  return undefined;
}

/** A damaged one is no answer to a question that was not about it. */
async function findIn(repository: Repository, bytes: Uint8Array): Promise<FoundOutput | undefined> {
  try {
    return await findOutput(repository, bytes);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
