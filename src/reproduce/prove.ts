import { readEmbedded } from '../image/embedded.js';
import type { JsonObject } from '../workflow/json.js';
import { nonceInput, promptIdentity, readPrompt } from '../workflow/prompt.js';
import { nodesThatMatter } from './defeat-cache.js';

/** What the run's own messages and files say about whether it really ran. */
export interface Proof {
  /** No node that the outputs are made from came from the server's cache, and nothing contradicts the server. */
  readonly proven: boolean;
  /** Ids of the nodes that did. */
  readonly cached: readonly string[];
  /** What contradicts what the server says, one line each. */
  readonly doubts: readonly string[];
}

export interface Claims {
  /** As it was queued, with this nonce on it. */
  readonly prompt: JsonObject;
  readonly nonce: string;
  /** Ids of the output nodes that are compared. */
  readonly outputs: Iterable<string>;
  /** As the server's history has it. */
  readonly ran: JsonObject;
  readonly cached: readonly string[];
  readonly made: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

export function prove({ prompt, nonce, outputs, ran, cached, made }: Claims): Proof {
  const matter = nodesThatMatter(prompt, outputs);
  const fromCache = cached.filter((id) => matter.has(id));
  const doubts = [
    ...(identityOf(ran) === identityOf(prompt) ? [] : ['the server ran another prompt than it was given']),
    ...made
      .filter(({ bytes }) => isOfAnotherRun(bytes, nonce))
      .map(({ name }) => `${name} is of another run, by what is embedded in it`),
  ];
  return { proven: fromCache.length + doubts.length === 0, cached: fromCache, doubts };
}

const identityOf = (prompt: JsonObject) => promptIdentity(readPrompt(prompt));

/** A file that ComfyUI wrote has the prompt in it, and so the nonce; one without any says nothing. */
function isOfAnotherRun(bytes: Uint8Array, nonce: string): boolean {
  const text = embeddedPrompt(bytes);
  return text.includes(nonceInput) && !text.includes(nonce);
}

function embeddedPrompt(bytes: Uint8Array): string {
  try {
    return readEmbedded(bytes).prompt ?? '';
  } catch {
    return ''; // damaged: comparing it says so
  }
}
