import type { Failure } from '../../errors.js';
import type { OutputLook } from '../../image/look.js';

/** What a looking thread is told: a file, and then whether to go on with it. */
export type LookTask =
  | { readonly kind: 'look' /** Absolute. */; readonly path: string }
  | { readonly kind: 'answer'; readonly goOn: boolean };

/** What it says. */
export type LookWord =
  | { readonly kind: 'ready' }
  | { readonly kind: 'hashed'; readonly sha256: string }
  | { readonly kind: 'looked'; readonly look: LookResult }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A file that nobody wants to know more of. */
export interface OnlyHashed {
  readonly sha256: string;
  readonly onlyHashed: true;
}

export type LookResult = OutputLook | OnlyHashed;

/** Whether more is to be known of a file than its hash: to decode a picture takes ten times as long. */
export type IsWanted = (sha256: string) => boolean;
