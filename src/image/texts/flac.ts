import { fileBytes, hasAscii } from './file-bytes.js';
import { vorbisComments } from './vorbis-comments.js';

export const isFlac = (bytes: Uint8Array): boolean => hasAscii(bytes, 0, 'fLaC');

const commentBlock = 4;

/** The comment block (RFC 9639, 8.6). */
export function flacTexts(bytes: Uint8Array): Map<string, string> {
  const file = fileBytes('FLAC', bytes);
  for (let at = 4; ; ) {
    const head = file.u32(at);
    const [isLast, type, length] = [head >>> 31 === 1, (head >>> 24) & 0x7f, head & 0xffffff];
    if (type === commentBlock) return vorbisComments('FLAC', file.part(at + 4, length));
    if (isLast) return new Map();
    at += 4 + length;
  }
}
