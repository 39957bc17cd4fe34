import { damagedFile, type FileBytes, fileBytes } from './file-bytes.js';

export const isMatroska = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x1a && bytes[1] === 0x45 && bytes[2] === 0xdf && bytes[3] === 0xa3;

// Elements on the way to a text (RFC 9559, 5.1): Segment, Tags, Tag, SimpleTag; then its name and its string.
const way = [0x18538067, 0x1254c367, 0x7373, 0x67c8] as const;
/** A film of many hours has some thousands on one level. */
const mostElements = 1_000_000;
const tagName = 0x45a3;
const tagString = 0x4487;

/** Tags of WebM and MKV; ffmpeg writes their names in capitals, so they come in small letters. */
export function matroskaTexts(bytes: Uint8Array): Map<string, string> {
  const file = fileBytes('Matroska', bytes);
  const texts = new Map<string, string>();
  let level: readonly Element[] = [{ id: 0, start: 0, end: file.length }];
  for (const id of way)
    level = level.flatMap((parent) => elements(file, parent).filter((element) => element.id === id));
  for (const tag of level) {
    const [name, text] = [tagName, tagString].map((id) => elements(file, tag).find((element) => element.id === id));
    if (name === undefined || text === undefined) continue;
    texts.set(file.utf8(name.start, name.end - name.start).toLowerCase(), file.utf8(text.start, text.end - text.start));
  }
  return texts;
}

export interface Element {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** Elements inside another; one of unknown length goes to the end of what it is in. */
export function elements(file: FileBytes, { start, end }: Element): Element[] {
  const found: Element[] = [];
  for (let at = start; at < end; ) {
    const id = variable(file, at, true);
    const size = variable(file, at + id.length, false);
    const content = at + id.length + size.length;
    const unknown = size.value === 2 ** (7 * size.length) - 1;
    const stop = unknown ? end : content + size.value;
    if (stop > end) throw damagedFile(file.kind, 'one of its elements does not fit');
    if (found.length >= mostElements) throw damagedFile(file.kind, 'it has too many elements');
    found.push({ id: id.value, start: content, end: stop });
    at = stop;
  }
  return found;
}

/** A number whose leading zero bits say how long it is (RFC 8794, 4); an id keeps its mark. */
function variable(file: FileBytes, at: number, keepMark: boolean): { readonly value: number; readonly length: number } {
  const first = file.u8(at);
  const length = Math.clz32(first) - 23;
  if (length > 8) throw damagedFile(file.kind, 'a number in it has no length');
  let value = keepMark ? first : first & (0xff >> length);
  for (let index = 1; index < length; index++) value = value * 256 + file.u8(at + index);
  return { value, length };
}
