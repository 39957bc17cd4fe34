import type { Context } from '../context.js';
import type { Dependencies } from '../lock/entries.js';
import type { JsonObject } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import { observe } from './observe.js';
import { findNeeds } from './plan-lock.js';
import type { Surroundings } from './surroundings.js';

export interface Observing {
  readonly done: Promise<Dependencies>;
  /** Ends it where nobody needs the answer any more. */
  readonly stop: () => void;
}

/** Hashing goes on beside the run; a model that is not done by then is recorded as `unhashed`. */
const budgetMs = 5000;

/**
 * Looks at what a prompt depends on while it runs: models, packs, inputs, ComfyUI, node interfaces.
 * @param whole hashes everything, however long that takes: for somebody who does not wait for it
 */
export function observeRun(
  prompt: JsonObject,
  around: Surroundings,
  { signal, talk }: Pick<Context, 'signal' | 'talk'>,
  whole = false,
): Observing {
  const enough = new AbortController();
  const stopped = AbortSignal.any([signal, enough.signal]);
  // The progress line belongs to the run.
  const quiet = { ...talk, progress: () => {} };
  const look = async () => {
    const sources = new Map([['run', readPrompt(prompt)]]);
    const { needs, known } = await findNeeds(sources, around, stopped);
    const budget = whole ? {} : { budgetMs };
    return observe(needs, { ...around, known, ...budget, signal: stopped, talk: quiet });
  };
  const done = look();
  // Where the run fails first, nobody waits for this.
  done.catch(() => {});
  return { done, stop: () => enough.abort() };
}
