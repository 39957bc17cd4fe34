// A cache is read part by part, so that its damage may show in the midst of an answer.

/** What was read of a cache so far is not to be trusted: `askAgain` alone catches it. */
export class DamagedCache extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`${path} is damaged`);
    this.path = path;
  }
}

/** Files that are not what was written. They are passed over until a new one is in their place; on a read-only disk that is to the end. */
const distrusted = new Set<string>();

export const isDistrusted = (path: string): boolean => distrusted.has(path);

/** To be called for a file that was written anew. */
export const believe = (path: string): void => {
  distrusted.delete(path);
};

/** An answer may need a few caches, and another process may write them meanwhile. */
const mostTries = 8;

/**
 * Asks again where a cache turned out to be damaged, in the end without it. Whoever asks opens it anew at every try.
 * @throws what `ask` throws
 */
export async function askAgain<T>(ask: () => Promise<T>): Promise<T> {
  const met = new Set<string>();
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof DamagedCache) || tries === mostTries) throw error;
      // At first another process may have put a new file in its place, which is in order.
      if (met.has(error.path)) distrusted.add(error.path);
      met.add(error.path);
    }
  }
}
