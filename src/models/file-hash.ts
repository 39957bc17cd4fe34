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
