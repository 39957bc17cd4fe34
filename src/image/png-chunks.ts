import { crc32 } from 'node:zlib';
import { InputError } from '../errors.js';

/** One chunk of a PNG file; `data` is a view on the file's bytes. */
export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Do the bytes begin as a PNG file does? */
export const isPng = (bytes: Uint8Array): boolean => signature.every((byte, at) => bytes[at] === byte);

/** Length, type and checksum. */
const overhead = 12;

/**
 * The chunks of a PNG file in file order, IEND included, each with its checksum verified (W3C PNG, third edition, 5.3).
 * What follows IEND is ignored, as every reader does.
 * @throws InputError `not-png`, `png-truncated`, `png-bad`
 */
export function* pngChunks(bytes: Uint8Array): Generator<PngChunk> {
  if (!isPng(bytes)) throw new InputError('not-png', 'this is not a PNG picture');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = signature.length;
  for (;;) {
    if (at + overhead > bytes.length) throw truncated();
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw bad('it has a chunk without a proper name');
    if (at + overhead + length > bytes.length) throw truncated();
    const end = at + 8 + length;
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end))
      throw bad(`the checksum of its ${type} chunk is wrong`);
    yield { type, data: bytes.subarray(at + 8, end) };
    if (type === 'IEND') return;
    at = end + 4;
  }
}

export const truncated = (cause?: unknown) =>
  new InputError('png-truncated', 'this PNG picture ends too early: part of the file is missing', {
    hint: 'copy or download it again; a picture that is still being written is complete in a moment',
    cause,
  });

export const bad = (why: string, cause?: unknown) =>
  new InputError('png-bad', `this PNG picture is damaged: ${why}`, { cause });
