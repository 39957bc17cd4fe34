import type { JsonObject } from '../workflow/json.js';
import { nodesThatMatter } from './defeat-cache.js';

/** What the run's own messages say about whether it really ran. */
export interface Proof {
  /** No node that the outputs are made from came from the server's cache. */
  readonly proven: boolean;
  /** Ids of those that did. */
  readonly cached: readonly string[];
}

/**
 * @param outputs ids of the output nodes that are compared
 */
export function prove(prompt: JsonObject, outputs: Iterable<string>, cachedByServer: readonly string[]): Proof {
  const matter = nodesThatMatter(prompt, outputs);
  const cached = cachedByServer.filter((id) => matter.has(id));
  return { proven: cached.length === 0, cached };
}
