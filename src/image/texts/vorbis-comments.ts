import { type FileBytes, fileBytes } from './file-bytes.js';

const mostComments = 10_000;

/** `key=value` comments (Vorbis I, 5.2.1); keys in small letters. */
export function vorbisComments(kind: string, block: Uint8Array): Map<string, string> {
  const file: FileBytes = fileBytes(kind, block);
  const texts = new Map<string, string>();
  let at = 4 + file.u32(0, true);
  const count = Math.min(file.u32(at, true), mostComments);
  at += 4;
  for (let index = 0; index < count; index++) {
    const length = file.u32(at, true);
    const comment = file.utf8(at + 4, length);
    const equals = comment.indexOf('=');
    if (equals > 0) texts.set(comment.slice(0, equals).toLowerCase(), comment.slice(equals + 1));
    at += 4 + length;
  }
  return texts;
}
