import { type Difference, difference } from './drift.js';
import type { ModelEntry } from './entries.js';
import type { ModelNeeds } from './model-needs.js';
import { modelWords } from './model-words.js';

/** Models that are other files than the workflow itself names by hash: what was published with it is not what is here. */
export function unlikeNamed(needs: ModelNeeds, observed: ReadonlyMap<string, ModelEntry>): Difference[] {
  return [...needs].flatMap(([key, { sha256 }]) => {
    const digest = observed.get(key)?.digest;
    if (sha256 === undefined || digest?.startsWith('sha256:') !== true || digest === sha256) return [];
    const text = `${modelWords(key)}: the workflow names sha256 ${short(sha256)}, the file here is ${short(digest)}`;
    return [difference('model-unlike-named', key, text)];
  });
}

const short = (digest: string) => digest.slice('sha256:'.length, 'sha256:'.length + 12);
