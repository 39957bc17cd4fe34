import { type FileBytes, fileBytes, hasAscii } from './file-bytes.js';
import { contentStart, type IsoBox, isoBox, isoBoxes } from './iso-boxes.js';

export const isMp4 = (bytes: Uint8Array): boolean => hasAscii(bytes, 4, 'ftyp');

/** Metadata of MP4 and MOV: numbered by a list of keys, as ffmpeg writes it, or by four letters, as iTunes does. */
export function mp4Texts(bytes: Uint8Array): Map<string, string> {
  const file = fileBytes('MP4', bytes);
  const texts = new Map<string, string>();
  for (const path of [
    ['moov', 'udta', 'meta'],
    ['moov', 'meta'],
  ]) {
    const meta = isoBox(file, path);
    if (meta === undefined) continue;
    const boxes = isoBoxes(file, contentStart(file, meta), meta.end);
    const keys = keysOf(
      file,
      boxes.find(({ type }) => type === 'keys'),
    );
    const list = boxes.find(({ type }) => type === 'ilst');
    for (const item of list === undefined ? [] : isoBoxes(file, list.start, list.end)) addItem(texts, file, item, keys);
  }
  return texts;
}

/** By their number, from 1 (QuickTime File Format, "Metadata item keys"). */
function keysOf(file: FileBytes, box: IsoBox | undefined): ReadonlyMap<number, string> {
  const keys = new Map<number, string>();
  if (box === undefined) return keys;
  for (const [index, { start, end }] of isoBoxes(file, box.start + 8, box.end).entries()) {
    keys.set(index + 1, file.utf8(start, end - start));
  }
  return keys;
}

function addItem(texts: Map<string, string>, file: FileBytes, item: IsoBox, keys: ReadonlyMap<number, string>): void {
  const key = item.type === '\xa9cmt' ? 'comment' : keys.get(file.u32(item.start - 4));
  const data = isoBoxes(file, item.start, item.end).find(({ type }) => type === 'data');
  // Type and locale come first.
  if (key !== undefined && data !== undefined && data.end - data.start >= 8) {
    texts.set(key, file.utf8(data.start + 8, data.end - data.start - 8));
  }
}
