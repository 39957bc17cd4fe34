import { createHash } from 'node:crypto';
import { InputError } from '../errors.js';
import { stillPicture } from './containers.js';
import { pixelDigest } from './pixel-digest.js';

/** An output larger than this (1 GiB) is not read whole. */
export const maxOutputBytes = 2 ** 30;

/** What identifies an output, from its bytes alone. */
export interface OutputIdentity {
  /** Of the file, 64 hex digits. */
  readonly sha256: string;
  /** `pixelDigest`; absent for animations and for files that are not decoded here. */
  readonly pixels?: string;
  readonly width?: number;
  readonly height?: number;
  /** Why a picture could not be decoded, where it ought to be possible. */
  readonly damaged?: string;
}

/** Whoever finds, compares and records an output asks for it each time; the bytes of a file that was read do not change. */
const known = new WeakMap<Uint8Array, OutputIdentity>();

/** Never throws for what the bytes are: a damaged picture is still known by the hash of its file. */
export function describeBytes(bytes: Uint8Array): OutputIdentity {
  const identity = known.get(bytes) ?? identityOf(bytes);
  known.set(bytes, identity);
  return identity;
}

const digests = new WeakMap<Uint8Array, string>();

/** SHA-256 of the file, 64 hex digits; nothing is decoded for it. */
export function fileDigest(bytes: Uint8Array): string {
  const digest = digests.get(bytes) ?? createHash('sha256').update(bytes).digest('hex');
  digests.set(bytes, digest);
  return digest;
}

function identityOf(bytes: Uint8Array): OutputIdentity {
  const sha256 = fileDigest(bytes);
  try {
    const picture = stillPicture(bytes);
    if (picture === undefined) return { sha256 };
    return { sha256, pixels: pixelDigest(picture), width: picture.width, height: picture.height };
  } catch (error) {
    if (error instanceof InputError) return { sha256, damaged: error.message };
    throw error;
  }
}
