import { observe } from '../capture/observe.js';
import { findNeeds } from '../capture/plan-lock.js';
import type { Dependencies } from '../lock/entries.js';
import type { JsonObject } from '../workflow/json.js';
import { readPrompt } from '../workflow/prompt.js';
import type { Verifying } from './verifying.js';

/** Models, packs and inputs of a prompt as they are now, under the names that the prompt has for them; hashed in full, through the cache. */
export async function observePrompt(prompt: JsonObject, { around, signal, talk }: Verifying): Promise<Dependencies> {
  const { needs, known } = await findNeeds(new Map([['prompt', readPrompt(prompt)]]), around, signal);
  return observe(needs, { ...around, known, signal, talk });
}
