import { damagedFile, type FileBytes, fileBytes } from './file-bytes.js';

// EXIF is a TIFF file of tags (Exif 2.32, 4.6). ComfyUI puts `prompt:<json>` into the tag for the camera's model and its other texts
// into the tags below; other programs use the user comment.

const ascii = 2;
const undefinedType = 7;
const exifDirectory = 0x8769;
const userComment = 0x9286;
const mostTags = 4096;

/** The texts of an EXIF block, with or without the `Exif\0\0` that some writers put before it; `UserComment` by that name. */
export function exifTexts(kind: string, block: Uint8Array): Map<string, string> {
  const plain = Buffer.from(block.subarray(0, 6)).toString('latin1') === 'Exif\0\0' ? block.subarray(6) : block;
  const file = fileBytes(kind, plain);
  const order = file.ascii(0, 2);
  if (order !== 'II' && order !== 'MM') throw damagedFile(kind, 'its EXIF block has no byte order');
  const little = order === 'II';
  const texts = new Map<string, string>();
  for (const tag of directory(file, file.u32(4, little), little)) {
    if (tag.id === exifDirectory) addComment(texts, file, directory(file, tag.value, little), little);
    else if (tag.type === ascii) addKeyed(texts, file.utf8(tag.at, tag.count).replace(/\0+$/, ''));
  }
  return texts;
}

interface Tag {
  readonly id: number;
  readonly type: number;
  /** Bytes, for the types that are read here. */
  readonly count: number;
  readonly at: number;
  readonly value: number;
}

function directory(file: FileBytes, start: number, little: boolean): Tag[] {
  const count = Math.min(file.u16(start, little), mostTags);
  return Array.from({ length: count }, (_, index) => {
    const entry = start + 2 + index * 12;
    const size = file.u32(entry + 4, little);
    const value = file.u32(entry + 8, little);
    const facts = { id: file.u16(entry, little), type: file.u16(entry + 2, little), count: size, value };
    return { ...facts, at: size <= 4 ? entry + 8 : value };
  });
}

/** `prompt:{...}`. */
function addKeyed(texts: Map<string, string>, text: string): void {
  const [, key, value] = /^([A-Za-z_][\w-]{0,60}):(.*)$/s.exec(text) ?? [];
  if (key !== undefined && value !== undefined) texts.set(key, value);
}

/** Eight bytes say the encoding. */
function addComment(texts: Map<string, string>, file: FileBytes, tags: readonly Tag[], little: boolean): void {
  const tag = tags.find(({ id, type }) => id === userComment && type === undefinedType);
  if (tag === undefined || tag.count < 8) return;
  const encoding = file.ascii(tag.at, 8).replace(/\0+$/, '');
  const length = tag.count - 8;
  const text = encoding === 'UNICODE' ? utf16(file.part(tag.at + 8, length), little) : file.utf8(tag.at + 8, length);
  texts.set('UserComment', text.replace(/\0+$/, ''));
}

function utf16(bytes: Uint8Array, little: boolean): string {
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return (little ? even : even.swap16()).toString('utf16le');
}
