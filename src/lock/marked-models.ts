import { byCodePoint } from '../workflow/json.js';
import type { ModelEntry } from './entries.js';
import type { ModelNeed, ModelNeeds } from './model-needs.js';

/** Entries with what the workflows of now say of their models: whether anything runs them, and where they may be had. */
export const markedModels = (
  needs: ModelNeeds,
  models: ReadonlyMap<string, ModelEntry>,
): ReadonlyMap<string, ModelEntry> =>
  new Map([...models].map(([key, entry]) => [key, withNeed(needs.get(key), entry)]));

function withNeed(need: ModelNeed | undefined, { executed: _, ...entry }: ModelEntry): ModelEntry {
  const sources = [...new Set([...(entry.sources ?? []), ...(need?.sources ?? [])])].sort(byCodePoint);
  return {
    ...entry,
    ...(need?.executed === false ? { executed: false } : {}),
    ...(sources.length === 0 ? {} : { sources }),
  };
}
