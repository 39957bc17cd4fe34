import { type FileBytes, fileBytes, hasAscii } from './file-bytes.js';

export const isMp3 = (bytes: Uint8Array): boolean => hasAscii(bytes, 0, 'ID3');

/** Texts that users define, `TXXX` of ID3v2.3 and 2.4 (id3.org, 4.2.6). */
export function mp3Texts(bytes: Uint8Array): Map<string, string> {
  const file = fileBytes('MP3', bytes);
  const texts = new Map<string, string>();
  const version = file.u8(3);
  const flags = file.u8(5);
  const end = 10 + syncsafe(file, 6);
  let at = (flags & 0x40) === 0 ? 10 : 10 + extendedHeader(file, version);
  while (at + 10 <= end) {
    const name = file.ascii(at, 4);
    if (!/^[A-Z0-9]{4}$/.test(name)) break;
    const length = version >= 4 ? syncsafe(file, at + 4) : file.u32(at + 4);
    if (name === 'TXXX') addText(texts, file.part(at + 10, length));
    at += 10 + length;
  }
  return texts;
}

/** Seven bits a byte. */
const syncsafe = (file: FileBytes, at: number) =>
  [0, 1, 2, 3].reduce((value, index) => value * 128 + (file.u8(at + index) & 0x7f), 0);

const extendedHeader = (file: FileBytes, version: number) => (version >= 4 ? syncsafe(file, 10) : 4 + file.u32(10));

/** Encoding, description, its end, value. */
function addText(texts: Map<string, string>, frame: Uint8Array): void {
  const [encoding = 0] = frame;
  const wide = encoding === 1 || encoding === 2;
  const text = decode(frame.subarray(1), encoding);
  const [key, ...rest] = text.split('\0');
  if (key === undefined || rest.length === 0) return;
  const value = rest.join('\0').replace(/\0+$/, '');
  texts.set(key.replace(/^\ufeff/, ''), wide ? value.replace(/^\ufeff/, '') : value);
}

function decode(bytes: Uint8Array, encoding: number): string {
  const buffer = Buffer.from(bytes);
  if (encoding === 0) return buffer.toString('latin1');
  if (encoding === 3) return buffer.toString('utf8');
  const even = buffer.subarray(0, buffer.length - (buffer.length % 2));
  const big = encoding === 2 || (even[0] === 0xfe && even[1] === 0xff);
  return (big ? Buffer.from(even).swap16() : even).toString('utf16le');
}
