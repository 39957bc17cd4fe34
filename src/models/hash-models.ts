import type { Talk } from '../context.js';
import { checkInterrupted, Interrupted, limited } from '../errors.js';
import { doubtHints } from './doubt-hints.js';
import type { FileHash, Unhashed } from './file-hash.js';
import type { HashCache } from './hash-cache.js';
import { type LocatedFile, locateFiles } from './locate-files.js';
import { recognise } from './recognise.js';

export interface HashModelsOptions {
  readonly cache: HashCache;
  readonly signal: AbortSignal;
  readonly talk: Talk;
  /** What hashing may take in all; a file that does not get done in it is left. Without one, everything is hashed. */
  readonly budgetMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** See `recognise`. */
  readonly isLoose?: (path: string) => Promise<boolean>;
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
  const { cache, signal, talk, budgetMs, now = Date.now } = options;
  const enough = budgetMs === undefined ? signal : limited(signal, budgetMs);
  const done = new Map<string, FileHash | Unhashed>();
  const waiting: LocatedFile[] = [];
  const settle = ({ names }: LocatedFile, found: FileHash | Unhashed) => {
    for (const name of names) done.set(name, found);
  };
  const fail = (file: LocatedFile, error: Error) => {
    // Out of time, or a file that is being written or may not be read: the others are still worth their hash.
    const problem = error instanceof Interrupted ? {} : { problem: error.message };
    if (problem.problem !== undefined) talk.say(`not hashed: ${problem.problem}`);
    settle(file, { size: file.size, ...problem });
  };
  for (const file of locateFiles(paths, fail)) {
    checkInterrupted(signal);
    const known = await recognise(file, { ...options, now, quickly: enough.aborted });
    if (known === undefined) waiting.push(file);
    else settle(file, known);
  }
  checkInterrupted(signal);
  if (waiting.length === 0) return done;
  // Loaded late: most often everything is known, and threads are nothing to wait for.
  const { hashWaiting } = await import('./hash-waiting.js');
  await hashWaiting(waiting, {
    signal: enough,
    talk,
    now,
    async onHashed(file, hashed, began) {
      const { identity: _, sample: __, ...hash } = hashed;
      await cache.remember(file.path, hashed, began);
      for (const name of file.names) await doubtHints(name, hash, talk);
      settle(file, hash);
    },
    onFailed: fail,
  });
  checkInterrupted(signal);
  return done;
}
