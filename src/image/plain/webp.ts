import { fileBytes } from '../texts/file-bytes.js';

/** What says in the header that EXIF and XMP follow (RFC 9649, 2.7.1). */
const saysTexts = 0x0c;

/** A WebP file without EXIF and XMP. */
export function plainWebp(bytes: Uint8Array): Uint8Array {
  const file = fileBytes('WebP', bytes);
  const kept: Uint8Array[] = [];
  for (let at = 12; at + 8 <= file.length; ) {
    const length = file.u32(at + 4, true);
    const end = Math.min(at + 8 + length + (length % 2), file.length);
    const chunk = file.part(at, end - at);
    const type = file.ascii(at, 4);
    if (type === 'VP8X') kept.push(withoutFlags(chunk));
    else if (type !== 'EXIF' && type !== 'XMP ') kept.push(chunk);
    at = end;
  }
  const content = Buffer.concat(kept);
  const header = Buffer.from('RIFF....WEBP', 'latin1');
  header.writeUInt32LE(4 + content.length, 4);
  return Buffer.concat([header, content]);
}

function withoutFlags(chunk: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(chunk);
  copy[8] = (copy[8] ?? 0) & ~saysTexts;
  return copy;
}
