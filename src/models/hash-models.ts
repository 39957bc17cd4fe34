import { realpath, stat } from 'node:fs/promises';
import type { Talk } from '../context.js';
import { checkInterrupted, Interrupted } from '../errors.js';
import { identityOf } from './file-identity.js';
import type { HashCache } from './hash-cache.js';
import { type FileHash, hashFile } from './hash-file.js';

export interface HashModelsOptions {
  readonly cache: HashCache;
  readonly signal: AbortSignal;
  readonly talk: Talk;
  /** What hashing may take in all; a file that does not get done in it is left. Without one, everything is hashed. */
  readonly budgetMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A file that there was no time for. */
export interface Unhashed {
  readonly size: number;
}

interface Waiting {
  readonly path: string;
  readonly real: string;
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
  const done = new Map<string, FileHash | Unhashed>();
  const waiting: Waiting[] = [];
  for (const path of new Set(paths)) {
    checkInterrupted(options.signal);
    const real = await realpath(path);
    const identity = identityOf(await stat(real, { bigint: true }));
    const cached = options.cache.lookup(real, identity);
    if (cached === undefined) waiting.push({ path, real, size: identity.size });
    else done.set(path, cached);
  }
  waiting.sort((a, b) => a.size - b.size);
  await hashWaiting(waiting, done, options);
  return done;
}

async function hashWaiting(
  waiting: readonly Waiting[],
  done: Map<string, FileHash | Unhashed>,
  options: HashModelsOptions,
): Promise<void> {
  const total = waiting.reduce((sum, file) => sum + file.size, 0);
  const deadline = options.budgetMs === undefined ? undefined : after(options.budgetMs);
  const signal = deadline === undefined ? options.signal : AbortSignal.any([options.signal, deadline]);
  const now = options.now ?? Date.now;
  let read = 0;
  for (const { path, real, size } of waiting) {
    const onBytes = (count: number) => {
      read += count;
      options.talk.progress({ label: 'hashing models', done: read, total, unit: 'bytes' });
    };
    try {
      const started = now();
      const { identity, sample, ...hash } = await hashFile(real, { signal, onBytes });
      await options.cache.remember(real, { ...hash, identity, ...(sample === undefined ? {} : { sample }) }, started);
      done.set(path, hash);
    } catch (error) {
      if (options.signal.aborted) throw error;
      // Out of time, or a file that is being written or may not be read: the others are still worth their hash.
      if (!(error instanceof Interrupted)) options.talk.say(`not hashed: ${(error as Error).message}`);
      done.set(path, { size });
    }
  }
  if (waiting.length > 0) options.talk.progress(undefined);
}

/** A budget of nothing is over at once, not when a timer gets its turn. */
const after = (budgetMs: number) => (budgetMs <= 0 ? AbortSignal.abort() : AbortSignal.timeout(budgetMs));
