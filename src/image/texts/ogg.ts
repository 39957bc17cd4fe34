import { damagedFile, fileBytes, hasAscii, mostText } from './file-bytes.js';
import { vorbisComments } from './vorbis-comments.js';

export const isOgg = (bytes: Uint8Array): boolean => hasAscii(bytes, 0, 'OggS');

const heads = [Buffer.from('OpusTags'), Buffer.from('\x03vorbis', 'latin1')];

/** The comments of Opus (RFC 7845, 5.2) and Vorbis: the second packet, which may go over several pages (RFC 3533, 6). */
export function oggTexts(bytes: Uint8Array): Map<string, string> {
  const packet = Buffer.from(secondPacket(bytes));
  const head = heads.find((one) => packet.subarray(0, one.length).equals(one));
  return head === undefined ? new Map() : vorbisComments('Ogg', packet.subarray(head.length));
}

function secondPacket(bytes: Uint8Array): Uint8Array {
  const file = fileBytes('Ogg', bytes);
  const parts: Uint8Array[] = [];
  let length = 0;
  let packets = 0;
  for (let at = 0; at < file.length; ) {
    if (file.ascii(at, 4) !== 'OggS') throw damagedFile('Ogg', 'a page begins without its mark');
    const segments = file.part(at + 27, file.u8(at + 26));
    at += 27 + segments.length;
    for (const size of segments) {
      if (packets === 1) parts.push(file.part(at, size));
      at += size;
      length += packets === 1 ? size : 0;
      if (size < 255) packets++;
      if (packets === 2) return Buffer.concat(parts);
      if (length > mostText) throw damagedFile('Ogg', 'its comments have no end');
    }
  }
  return new Uint8Array();
}
