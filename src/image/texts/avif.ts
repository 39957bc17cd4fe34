import { exifTexts } from './exif.js';
import { type FileBytes, fileBytes, hasAscii } from './file-bytes.js';
import { contentStart, type IsoBox, isoBox, isoBoxes } from './iso-boxes.js';

const brands = ['avif', 'avis', 'heic', 'heix', 'mif1'];

export const isAvif = (bytes: Uint8Array): boolean =>
  hasAscii(bytes, 4, 'ftyp') && brands.some((brand) => hasAscii(bytes, 8, brand));

/** Texts of the item of type `Exif` (ISO/IEC 23008-12, annex A): where it is stands in `iloc`, which one it is in `iinf`. */
export function avifTexts(bytes: Uint8Array): Map<string, string> {
  const file = fileBytes('AVIF', bytes);
  const meta = isoBox(file, ['meta']);
  if (meta === undefined) return new Map();
  const boxes = isoBoxes(file, contentStart(file, meta), meta.end);
  const id = exifItem(
    file,
    boxes.find(({ type }) => type === 'iinf'),
  );
  const place =
    id === undefined
      ? undefined
      : placeOf(
          file,
          boxes.find(({ type }) => type === 'iloc'),
          id,
        );
  if (place === undefined) return new Map();
  // Four bytes say how far on the TIFF header is.
  const skip = 4 + file.u32(place.at);
  return exifTexts('AVIF', file.part(place.at + skip, place.length - skip));
}

function exifItem(file: FileBytes, box: IsoBox | undefined): number | undefined {
  if (box === undefined) return undefined;
  const entries = box.start + 4 + (file.u8(box.start) === 0 ? 2 : 4);
  for (const { type, start } of isoBoxes(file, entries, box.end)) {
    const version = file.u8(start);
    if (type !== 'infe' || version < 2) continue;
    const wide = version === 2 ? 2 : 4;
    if (file.ascii(start + 4 + wide + 2, 4) === 'Exif') return wide === 2 ? file.u16(start + 4) : file.u32(start + 4);
  }
  return undefined;
}

interface Place {
  readonly at: number;
  readonly length: number;
}

/** The first extent of an item (ISO/IEC 14496-12, 8.11.3). */
function placeOf(file: FileBytes, box: IsoBox | undefined, wanted: number): Place | undefined {
  if (box === undefined) return undefined;
  const version = file.u8(box.start);
  const sizes = file.u16(box.start + 4);
  const [offsetSize, lengthSize, baseSize, indexSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, sizes & 15];
  const sized = (at: number, size: number) => (size === 0 ? 0 : size === 8 ? file.u64(at) : file.u32(at));
  const wide = version < 2 ? 2 : 4;
  const count = wide === 2 ? file.u16(box.start + 6) : file.u32(box.start + 6);
  let at = box.start + 6 + wide;
  for (let item = 0; item < count; item++) {
    const id = wide === 2 ? file.u16(at) : file.u32(at);
    at += wide + (version > 0 ? 2 : 0) + 2;
    const base = sized(at, baseSize);
    at += baseSize;
    const extents = file.u16(at);
    at += 2;
    const index = version > 0 ? indexSize : 0;
    if (id === wanted && extents > 0) {
      return { at: base + sized(at + index, offsetSize), length: sized(at + index + offsetSize, lengthSize) };
    }
    at += extents * (index + offsetSize + lengthSize);
  }
  return undefined;
}
