import { type FileBytes, fileBytes } from '../texts/file-bytes.js';
import { isoBoxes } from '../texts/iso-boxes.js';

/** Texts, and what is only there to fill. */
const left: ReadonlySet<string> = new Set(['udta', 'meta', 'free', 'skip', 'uuid']);

/** What of an MP4 makes film and sound, in one piece: nothing that a player takes, only good for telling whether two files are the same but for texts. */
export function plainMp4(bytes: Uint8Array): Uint8Array {
  const file = fileBytes('MP4', bytes);
  return Buffer.concat(kept(file, 0, file.length, 1));
}

/** @param levels how far down texts may stand */
function kept(file: FileBytes, from: number, to: number, levels: number): Uint8Array[] {
  return isoBoxes(file, from, to)
    .filter(({ type }) => !left.has(type))
    .flatMap(({ type, start, end }) => [
      Buffer.from(type, 'latin1'),
      ...(type === 'moov' && levels > 0 ? kept(file, start, end, levels - 1) : [file.part(start, end - start)]),
    ]);
}
