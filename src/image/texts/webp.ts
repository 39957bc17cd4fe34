import { exifTexts } from './exif.js';
import { fileBytes, hasAscii } from './file-bytes.js';

export const isWebp = (bytes: Uint8Array): boolean => hasAscii(bytes, 0, 'RIFF') && hasAscii(bytes, 8, 'WEBP');

/** Texts of the EXIF chunk (RFC 9649, 2.7.1.5); chunks are padded to even lengths. */
export function webpTexts(bytes: Uint8Array): Map<string, string> {
  const file = fileBytes('WebP', bytes);
  for (let at = 12; at + 8 <= file.length; ) {
    const length = file.u32(at + 4, true);
    if (file.ascii(at, 4) === 'EXIF') return exifTexts('WebP', file.part(at + 8, length));
    at += 8 + length + (length % 2);
  }
  return new Map();
}
