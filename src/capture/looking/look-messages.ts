import type { Failure } from '../../errors.js';
import type { OutputLook } from '../../image/look.js';

/** What a looking thread is told. */
export interface LookTask {
  readonly kind: 'look';
  /** Absolute. */
  readonly path: string;
}

/** What it says. */
export type LookWord =
  | { readonly kind: 'ready' }
  | { readonly kind: 'looked'; readonly look: OutputLook }
  | { readonly kind: 'failed'; readonly failure: Failure };
