import type { Context } from '../context.js';
import { ComfyError } from '../errors.js';
import type { Dependencies } from '../lock/entries.js';
import type { JsonObject } from '../workflow/json.js';
import { observeRun } from './observe-run.js';
import type { Surroundings } from './surroundings.js';

/** Hashes what there was no time for while a run went on, beside everything else: the next runs, and the next commit, know it. */
export type HashLater = (prompt: JsonObject, observed: Dependencies) => void;

export function hashingLater(around: Surroundings, tools: Pick<Context, 'signal' | 'talk'>): HashLater {
  // Files that cannot be hashed are not tried again at every run.
  const tried = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  return (prompt, { models }) => {
    const left = [...models].flatMap(([key, { digest, size }]) =>
      digest === 'unhashed' && size !== undefined ? [`${key} ${size}`] : [],
    );
    if (left.every((key) => tried.has(key))) return;
    for (const key of left) tried.add(key);
    last = last
      .then(() => observeRun(prompt, around, tools, true).done)
      .catch((error: unknown) => {
        if (!tools.signal.aborted) tools.talk.say(`models of a run were not hashed: ${wordsOf(error)}`);
      });
  };
}

const wordsOf = (error: unknown) => (error instanceof ComfyError ? error.message : String(error));
