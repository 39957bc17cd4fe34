import { fileBytes } from '../texts/file-bytes.js';

/** The facts that a decoder needs; what follows are comments, pictures, places to seek and nothing at all (RFC 9639, 8). */
const streamInfo = 0;
const isLast = 0x80;

/** A FLAC file of nothing but its sound. */
export function plainFlac(bytes: Uint8Array): Uint8Array {
  const file = fileBytes('FLAC', bytes);
  const kept = [file.part(0, 4)];
  let at = 4;
  for (let last = false; !last; ) {
    const head = file.u32(at);
    const length = 4 + (head & 0xffffff);
    last = head >>> 31 === 1;
    if (((head >>> 24) & 0x7f) === streamInfo) kept.push(asLast(file.part(at, length)));
    at += length;
  }
  return Buffer.concat([...kept, file.part(at, file.length - at)]);
}

function asLast(block: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(block);
  copy[0] = (copy[0] ?? 0) | isLast;
  return copy;
}
