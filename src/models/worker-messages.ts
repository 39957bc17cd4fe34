import type { Failure } from '../errors.js';
import type { CloseTask } from '../files/start-thread.js';
import type { Digest } from '../lock/entries.js';
import type { HashedFile } from './file-hash.js';

/** What a hash worker is told. */
export type WorkerTask =
  | { readonly kind: 'file'; readonly path: string /** Other than 0: stop. */; readonly stop: Int32Array }
  | { readonly kind: 'lane'; readonly memory: SharedArrayBuffer; readonly slotSize: number }
  | { readonly kind: 'update'; readonly slot: number; readonly from: number; readonly to: number }
  | { readonly kind: 'end' }
  | CloseTask;

/** What a hash worker says. */
export type WorkerWord =
  | { readonly kind: 'ready' }
  | { readonly kind: 'bytes'; readonly count: number }
  | { readonly kind: 'hashed'; readonly hashed: HashedFile }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'free'; readonly slot: number }
  | { readonly kind: 'digest'; readonly digest: Digest };
