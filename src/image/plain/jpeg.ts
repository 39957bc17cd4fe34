import { fileBytes } from '../texts/file-bytes.js';

const startOfScan = 0xda;
/** EXIF and XMP, IPTC, comments (ISO/IEC 10918-1, annex B). */
const texts = new Set([0xe1, 0xed, 0xfe]);

/** A JPEG file without what is written about the picture. */
export function plainJpeg(bytes: Uint8Array): Uint8Array {
  const file = fileBytes('JPEG', bytes);
  const kept = [file.part(0, 2)];
  let at = 2;
  while (file.u8(at) === 0xff && file.u8(at + 1) !== startOfScan) {
    const length = 2 + file.u16(at + 2);
    if (!texts.has(file.u8(at + 1))) kept.push(file.part(at, length));
    at += length;
  }
  return Buffer.concat([...kept, file.part(at, file.length - at)]);
}
