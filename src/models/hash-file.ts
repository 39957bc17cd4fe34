import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { InputError, Interrupted } from '../errors.js';
import type { Digest } from '../lock/entries.js';
import { type FileIdentity, identityOf, sameFile } from './file-identity.js';

export interface FileHash {
  /** SHA-256 of the whole file. */
  readonly digest: Digest;
  /** For a safetensors file: SHA-256 of what follows the header, so that a changed title is told from changed weights. */
  readonly tensors?: Digest;
  /** Bytes. */
  readonly size: number;
}

/** A hash, and what tells later that it still holds, or where the same content may be. */
export interface HashedFile extends FileHash {
  readonly identity: FileIdentity;
  /** Of a large file, see `quickSample`. */
  readonly sample?: string;
}

export interface HashOptions {
  readonly signal: AbortSignal;
  /** Called after every chunk with its bytes. */
  readonly onBytes?: (count: number) => void;
}

/** Two of these are all the memory that a file of any size takes. */
const chunkSize = 2 * 1024 * 1024;

/** Smaller files are hashed as fast as they are sampled. Bytes. */
const smallestSampled = 4 * 1024 * 1024;

/** The format allows no larger header; a file that claims one is hashed like any other file. */
const maxHeader = 100_000_000;

/**
 * Reads a file once, in chunks, the next chunk on its way while the last one is hashed.
 * @throws InputError `not-a-file`, `file-changed` when somebody wrote to it meanwhile; Interrupted
 */
export async function hashFile(path: string, options: HashOptions): Promise<HashedFile> {
  const file = await open(path, 'r');
  try {
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) throw new InputError('not-a-file', `${path} is not a file`);
    const identity = identityOf(before);
    const tensorStart = await tensorOffset(file, path, Number(before.size));
    const hashed = await hashChunks(file, tensorStart, options);
    const sample = await sampleOfLarge(file, hashed.size);
    if (hashed.size !== identity.size || !sameFile(identity, identityOf(await file.stat({ bigint: true })))) {
      throw new InputError('file-changed', `${path} changed while it was read`, {
        hint: 'try again when it is complete',
      });
    }
    return { ...hashed, ...(sample === undefined ? {} : { sample }), identity };
  } finally {
    await file.close();
  }
}

async function sampleOfLarge(file: FileHandle, size: number): Promise<string | undefined> {
  return size < smallestSampled ? undefined : (await import('./quick-sample.js')).sampleOf(file, size);
}

async function hashChunks(file: FileHandle, tensorStart: number | undefined, options: HashOptions): Promise<FileHash> {
  const whole = createHash('sha256');
  const tensors = tensorStart === undefined ? undefined : createHash('sha256');
  const buffers = [Buffer.allocUnsafeSlow(chunkSize), Buffer.allocUnsafeSlow(chunkSize)] as const;
  let size = 0;
  if (options.signal.aborted) throw new Interrupted();
  let next = file.read(buffers[0], 0, chunkSize, 0);
  for (let turn = 1; ; turn++) {
    const { bytesRead, buffer } = await next;
    if (options.signal.aborted) throw new Interrupted();
    if (bytesRead === 0) break;
    next = file.read(turn % 2 === 0 ? buffers[0] : buffers[1], 0, chunkSize, size + bytesRead);
    whole.update(buffer.subarray(0, bytesRead));
    if (tensors !== undefined && tensorStart !== undefined && size + bytesRead > tensorStart) {
      tensors.update(buffer.subarray(Math.max(0, tensorStart - size), bytesRead));
    }
    size += bytesRead;
    options.onBytes?.(bytesRead);
  }
  return { digest: digestOf(whole), ...(tensors === undefined ? {} : { tensors: digestOf(tensors) }), size };
}

const digestOf = (hash: Hash): Digest => `sha256:${hash.digest('hex')}`;

/**
 * Where the tensors of a safetensors file begin: 8 bytes with the length of the JSON header (little-endian), then the header
 * (https://github.com/huggingface/safetensors, "Format"). The header itself is not read. `undefined` for anything else.
 */
async function tensorOffset(file: FileHandle, path: string, size: number): Promise<number | undefined> {
  if (!/\.(?:safetensors|sft)$/i.test(path)) return undefined;
  const { bytesRead, buffer } = await file.read(Buffer.alloc(9), 0, 9, 0);
  if (bytesRead < 9 || buffer[8] !== 0x7b) return undefined;
  const header = buffer.readBigUInt64LE(0);
  if (header > BigInt(maxHeader) || 8 + Number(header) > size) return undefined;
  return 8 + Number(header);
}
