import { GitError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import type { FoundOutput } from './found-output.js';
import { knownRepositories } from './known-repositories.js';

/** An output, and the repository whose lineage knows it. */
export interface FoundElsewhere {
  readonly repository: Repository;
  readonly found: FoundOutput;
}

/**
 * Finds the record of an output in the repositories that were set up on this machine. One that was set up and is at hand answers for itself: then
 * nobody else is asked.
 * @param ask looks into one of them
 */
export async function findElsewhere(
  here: Repository | undefined,
  env: Readonly<Record<string, string | undefined>>,
  ask: (repository: Repository) => Promise<FoundOutput | undefined>,
): Promise<FoundElsewhere | undefined> {
  const known = await knownRepositories(env);
  if (known.some(({ top }) => top === here?.top)) return undefined;
  for (const repository of known) {
    const found = await askOne(repository, ask);
    // The prompt alone is in the file, too.
    if (found !== undefined && found.how !== 'prompt') return { repository, found };
  }
  return undefined;
}

/** A damaged one is no answer to a question that was not about it. */
async function askOne(
  repository: Repository,
  ask: (repository: Repository) => Promise<FoundOutput | undefined>,
): Promise<FoundOutput | undefined> {
  try {
    return await ask(repository);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
