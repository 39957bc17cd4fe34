import type { Dependencies, ModelEntry } from './entries.js';

/** Adds the sources that others know for the same content; a file with that content is right wherever it comes from. */
export function withSourcesOf(expected: Dependencies, others: readonly Dependencies[]): Dependencies {
  const known = new Map<string, string[]>();
  for (const { digest, sources } of others.flatMap(({ models }) => [...models.values()])) {
    if (digest.startsWith('sha256:')) known.set(digest, [...(known.get(digest) ?? []), ...(sources ?? [])]);
  }
  const extend = (entry: ModelEntry): ModelEntry => {
    const sources = [...new Set([...(entry.sources ?? []), ...(known.get(entry.digest) ?? [])])];
    return sources.length === 0 ? entry : { ...entry, sources };
  };
  return { ...expected, models: new Map([...expected.models].map(([key, entry]) => [key, extend(entry)])) };
}
