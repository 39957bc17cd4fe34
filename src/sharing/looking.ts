import type { Surroundings } from '../capture/surroundings.js';
import type { Talk } from '../context.js';

/** What `status` sees of the world beside the repository. */
export interface Looking {
  readonly around: Surroundings;
  readonly signal: AbortSignal;
  readonly talk: Talk;
}
