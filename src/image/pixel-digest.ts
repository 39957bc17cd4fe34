import { createHash } from 'node:crypto';
import { withoutOpaqueAlpha } from './alpha.js';
import type { Picture } from './picture.js';

/**
 * SHA-256 of the decoded samples, 64 hex digits: interleaved, row by row from the top, no padding; 16-bit samples big-endian; an alpha that is
 * opaque throughout left out. What the file looked like around them (compression, metadata, name) does not enter.
 */
export function pixelDigest(picture: Picture): string {
  const { samples } = withoutOpaqueAlpha(picture);
  return createHash('sha256')
    .update(samples instanceof Uint8Array ? samples : bigEndian(samples))
    .digest('hex');
}

function bigEndian(samples: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] as number;
    bytes[2 * i] = sample >> 8;
    bytes[2 * i + 1] = sample & 0xff;
  }
  return bytes;
}
