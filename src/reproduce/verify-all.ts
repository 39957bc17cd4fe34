import type { Repository } from '../git/repository.js';
import { type Coverage, readAll } from './read-all.js';
import { findTarget } from './target.js';
import { type Verification, verify } from './verify.js';
import type { Verifying } from './verifying.js';

export interface VerifyingAll extends Verifying {
  readonly cwd: string;
  /** Begin anew, whatever was read in a pass that was not finished. */
  readonly anew: boolean;
  readonly now: Date;
}

/**
 * Reads every model again, and then verifies: what differs is found in what the files hold today, not in what the cache says of them.
 * @throws as `verify` and `readAll`
 */
export async function verifyAll(
  repository: Repository,
  asked: string | undefined,
  verifying: VerifyingAll,
): Promise<Verification & { readonly coverage: Coverage }> {
  const { around, anew, cwd, signal, talk, now } = verifying;
  const target = await findTarget(repository, asked, cwd);
  const expected = (target.kind === 'output' ? target.state : target.lock)?.models.keys() ?? [];
  const coverage = await readAll(expected, {
    ...around,
    installation: around.installation,
    anew,
    signal,
    talk,
    now: now.getTime(),
  });
  const cache = around.cache.trusting({ since: coverage.since });
  const found = await verify(repository, asked, { ...verifying, around: { ...around, cache } });
  return { ...found, same: found.same && coverage.damaged.length + coverage.unread.length === 0, coverage };
}
