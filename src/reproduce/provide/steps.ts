import type { Digest } from '../../lock/entries.js';

/** One thing that is done, or cannot be done, to bring this machine to what is expected. Plain data: `--dry-run` and `--json` print it. */
export type Step = LinkStep | FetchStep | CheckoutStep | ReadyStep | Obstacle;

/** A model whose content is here under another name gets the name that works. */
export interface LinkStep {
  readonly kind: 'link';
  /** Key of the lock. */
  readonly key: string;
  /** `<folder>/<name>` that it gets: the key, or a name beside it where another file has that one. */
  readonly name: string;
  /** Absolute paths. */
  readonly from: string;
  readonly to: string;
  /** Where a copy lies until it is finished. */
  readonly folder: string;
  readonly digest: Digest;
  readonly size: number;
}

export interface FetchStep {
  readonly kind: 'fetch';
  readonly key: string;
  readonly name: string;
  /** As the lock names it. */
  readonly source: string;
  readonly url: string;
  /** Where its download lies until it is finished. */
  readonly folder: string;
  readonly to: string;
  readonly digest: Digest;
  /** Bytes, where the lock knows them. */
  readonly size?: number;
  /** Bytes that an earlier attempt left. */
  readonly present: number;
}

/** A pack, or ComfyUI itself, at its commit, in a folder of our own. */
export interface CheckoutStep {
  readonly kind: 'checkout';
  /** Key of the lock; `comfyui` is ComfyUI. */
  readonly key: string;
  readonly repository: string;
  readonly protocol: 'https' | 'http' | 'ssh';
  readonly commit: string;
  /** The user's own clone, which may hold the commit: asked before the network is. */
  readonly clone?: string;
  readonly to: string;
  /** The person has agreed to this repository at this commit before. */
  readonly agreed: boolean;
}

/** Nothing has to be done: it is here, though not where the lock says. */
export interface ReadyStep {
  readonly kind: 'ready';
  readonly key: string;
  readonly text: string;
  readonly path: string;
}

/** What cannot be done from here. */
export interface Obstacle {
  readonly kind: 'obstacle';
  readonly key: string;
  readonly code: ObstacleCode;
  readonly text: string;
  readonly hint?: string;
}

export type ObstacleCode =
  | 'never-hashed'
  | 'unsafe-name'
  | 'no-such-folder'
  | 'name-taken'
  | 'no-source'
  | 'source-refused'
  | 'no-model-file'
  | 'pickle'
  | 'whole-folder'
  | 'no-commit'
  | 'no-repository'
  | 'repository-refused'
  | 'edited'
  | 'folder-taken';

export const obstacle = (key: string, code: ObstacleCode, text: string, hint?: string): Obstacle => ({
  kind: 'obstacle',
  key,
  code,
  text,
  ...(hint === undefined ? {} : { hint }),
});
