import type { Talk } from '../context.js';
import { GitError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { refresh } from './refresh.js';
import { pointTextconv } from './textconv-driver.js';

/**
 * Puts mere drags right before a command looks at the tree. Where the index cannot be written now (another git is at work, a read-only
 * disk), the command goes on all the same: it only reads.
 */
export async function refreshFirst(repository: Repository, talk: Talk): Promise<readonly string[]> {
  try {
    await pointTextconv(repository);
    return (await refresh(repository, talk)).refreshed;
  } catch (error) {
    if (error instanceof GitError) return [];
    throw error;
  }
}
