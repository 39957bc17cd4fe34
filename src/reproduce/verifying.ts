import type { Surroundings } from '../capture/surroundings.js';
import type { Talk } from '../context.js';

export interface Verifying {
  readonly around: Surroundings;
  readonly signal: AbortSignal;
  readonly talk: Talk;
  /** What hashing may take, in milliseconds; what is left over is told as unchecked. Without it everything is hashed. */
  readonly budgetMs?: number;
}

/** Without a limit the key is left out. */
export const budget = (budgetMs: number | undefined) => (budgetMs === undefined ? {} : { budgetMs });
