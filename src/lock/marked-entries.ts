import { byCodePoint } from '../workflow/json.js';
import type { InputEntry, ModelEntry } from './entries.js';
import type { ModelNeed, ModelNeeds } from './model-needs.js';
import type { Needs } from './needs.js';

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

/** Inputs, marked where all that names them is a guess. */
export const markedInputs = (
  { guessedInputs }: Pick<Needs, 'guessedInputs'>,
  inputs: ReadonlyMap<string, InputEntry>,
): ReadonlyMap<string, InputEntry> =>
  new Map(
    [...inputs].map(([key, { digest }]) => [
      key,
      guessedInputs?.has(key) === true ? { digest, guess: true } : { digest },
    ]),
  );
