import type { Context } from '../context.js';
import type { Repository } from '../git/repository.js';

export interface Exported {
  /** Text, or the bytes of an archive. */
  readonly data: string | Uint8Array;
  /** What the format has no place for, or nobody could find. */
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
}

/** Writes what a target needs in one format. */
export type Export = (
  repository: Repository,
  asked: string | undefined,
  tools: Pick<Context, 'cwd' | 'env' | 'signal'>,
) => Promise<Exported>;
