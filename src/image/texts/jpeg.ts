import { exifTexts } from './exif.js';
import { damagedFile, type FileBytes, fileBytes } from './file-bytes.js';

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

const startOfScan = 0xda;
const endOfImage = 0xd9;
const application1 = 0xe1;
const comment = 0xfe;

/** Texts of the EXIF segment and of the comment, before the picture begins (ISO/IEC 10918-1, annex B). */
export function jpegTexts(bytes: Uint8Array): Map<string, string> {
  const file = fileBytes('JPEG', bytes);
  const texts = new Map<string, string>();
  for (let at = 2; ; ) {
    const marker = markerAt(file, at);
    if (marker === startOfScan || marker === endOfImage) return texts;
    const length = file.u16(at + 2);
    if (length < 2) throw damagedFile('JPEG', 'one of its segments has no length');
    const data = file.part(at + 4, length - 2);
    if (marker === application1 && Buffer.from(data.subarray(0, 6)).toString('latin1') === 'Exif\0\0') {
      for (const [key, text] of exifTexts('JPEG', data)) texts.set(key, text);
    } else if (marker === comment) {
      texts.set('comment', Buffer.from(data).toString('utf8'));
    }
    at += 2 + length;
  }
}

function markerAt(file: FileBytes, at: number): number {
  if (file.u8(at) !== 0xff) throw damagedFile('JPEG', 'a segment begins without its mark');
  return file.u8(at + 1);
}
