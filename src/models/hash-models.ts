import type { Talk } from '../context.js';
import { checkInterrupted, Interrupted } from '../errors.js';
import type { FileHash } from './file-hash.js';
import type { HashCache } from './hash-cache.js';
import { hashWaiting } from './hash-waiting.js';
import { type LocatedFile, locateFiles } from './locate-files.js';

export interface HashModelsOptions {
  readonly cache: HashCache;
  readonly signal: AbortSignal;
  readonly talk: Talk;
  /** What hashing may take in all; a file that does not get done in it is left. Without one, everything is hashed. */
  readonly budgetMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A file that there was no time for, or that could not be read. */
export interface Unhashed {
  readonly size: number;
}

/**
 * Hashes files, from the cache where they have not changed since. Small files come first, so that a budget does the most with the
 * time it has. Files that are finished stay cached whatever happens to the rest.
 * @returns by path as given
 * @throws Interrupted
 */
export async function hashModels(
  paths: readonly string[],
  options: HashModelsOptions,
): Promise<Map<string, FileHash | Unhashed>> {
  const { cache, signal, talk, budgetMs } = options;
  const done = new Map<string, FileHash | Unhashed>();
  const waiting: LocatedFile[] = [];
  const settle = ({ names }: LocatedFile, found: FileHash | Unhashed) => {
    for (const name of names) done.set(name, found);
  };
  const fail = (file: LocatedFile, error: Error) => {
    // Out of time, or a file that is being written or may not be read: the others are still worth their hash.
    if (!(error instanceof Interrupted)) talk.say(`not hashed: ${error.message}`);
    settle(file, { size: file.size });
  };
  for (const file of await locateFiles(paths, fail)) {
    const cached = cache.lookup(file.path, file.identity);
    if (cached === undefined) waiting.push(file);
    else settle(file, cached);
  }
  checkInterrupted(signal);
  await hashWaiting(waiting, {
    signal: budgetMs === undefined ? signal : AbortSignal.any([signal, after(budgetMs)]),
    talk,
    now: options.now ?? Date.now,
    async onHashed(file, hashed, began) {
      const { identity: _, sample: __, ...hash } = hashed;
      await cache.remember(file.path, hashed, began);
      settle(file, hash);
    },
    onFailed: fail,
  });
  checkInterrupted(signal);
  return done;
}

/** A budget of nothing is over at once, not when a timer gets its turn. */
const after = (budgetMs: number) => (budgetMs <= 0 ? AbortSignal.abort() : AbortSignal.timeout(budgetMs));
