import { damagedFile, type FileBytes } from './file-bytes.js';

/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2): MP4, MOV, AVIF. */
export interface IsoBox {
  readonly type: string;
  /** Where its content begins and ends. */
  readonly start: number;
  readonly end: number;
}

const mostBoxes = 100_000;

/** The boxes between two places, one level deep. */
export function isoBoxes(file: FileBytes, from: number, to: number): IsoBox[] {
  const boxes: IsoBox[] = [];
  for (let at = from; at + 8 <= to; ) {
    const short = file.u32(at);
    const header = short === 1 ? 16 : 8;
    const size = short === 1 ? file.u64(at + 8) : short === 0 ? to - at : short;
    if (size < header || at + size > to || boxes.length > mostBoxes) {
      throw damagedFile(file.kind, 'one of its boxes does not fit');
    }
    boxes.push({ type: file.ascii(at + 4, 4), start: at + header, end: at + size });
    at += size;
  }
  return boxes;
}

/** The first box of a type on a path of types, each inside the one before. */
export function isoBox(file: FileBytes, path: readonly string[]): IsoBox | undefined {
  let found: IsoBox | undefined = { type: '', start: 0, end: file.length };
  for (const type of path) {
    if (found === undefined) return undefined;
    found = isoBoxes(file, contentStart(file, found), found.end).find((box) => box.type === type);
  }
  return found;
}

/** `meta` has a version before its boxes in MP4, and none in QuickTime. */
export const contentStart = (file: FileBytes, { type, start, end }: IsoBox): number =>
  type === 'meta' && end - start >= 8 && file.ascii(start + 4, 4) !== 'hdlr' ? start + 4 : start;
