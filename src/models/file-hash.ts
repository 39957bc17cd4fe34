import type { Digest } from '../lock/entries.js';
import type { FileIdentity } from './file-identity.js';

export interface FileHash {
  /** SHA-256 of the whole file. */
  readonly digest: Digest;
  /** For a safetensors file: SHA-256 of what follows the header, so that a changed title is told from changed weights. */
  readonly tensors?: Digest;
  /** Bytes. */
  readonly size: number;
}

export interface Reading {
  /** Looked at between two chunks. */
  readonly signal: { readonly aborted: boolean };
  /** Called after every chunk with its bytes. */
  readonly onBytes?: (count: number) => void;
}

/** A hash, and what tells later that it still holds, or where the same content may be. */
export interface HashedFile extends FileHash {
  readonly identity: FileIdentity;
  /** Of a large file, see `quickSample`. */
  readonly sample?: string;
}

/** A file that there was no time for, or that could not be read. */
export interface Unhashed {
  /** Bytes. */
  readonly size: number;
  /** Contents that were read whole at some time and have its size, head and tail. It may be one of them, and nobody looked. */
  readonly alike?: readonly Digest[];
  /** Why it could not be read; absent where there was no time. */
  readonly problem?: string;
}

/** Smaller files are hashed as fast as they are sampled. Bytes. */
export const smallestSampled = 4 * 1024 * 1024;
