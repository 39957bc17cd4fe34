import { type FileBytes, fileBytes, hasAscii } from './file-bytes.js';

export const isGif = (bytes: Uint8Array): boolean => hasAscii(bytes, 0, 'GIF87a') || hasAscii(bytes, 0, 'GIF89a');

const extension = 0x21;
const image = 0x2c;
const commentLabel = 0xfe;

/** The comment of a GIF (GIF89a, 24), by the key `comment`. */
export function gifTexts(bytes: Uint8Array): Map<string, string> {
  const file = fileBytes('GIF', bytes);
  let at = 13 + colorTable(file.u8(10));
  for (;;) {
    const block = file.u8(at);
    if (block === extension) {
      const { data, end } = subBlocks(file, at + 2);
      if (file.u8(at + 1) === commentLabel) return new Map([['comment', Buffer.concat(data).toString('utf8')]]);
      at = end;
    } else if (block === image) {
      // Descriptor, its own colours, the code size, the samples.
      at = subBlocks(file, at + 11 + colorTable(file.u8(at + 9))).end;
    } else {
      return new Map();
    }
  }
}

/** Bytes of the table of colours that follows. */
const colorTable = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));

function subBlocks(file: FileBytes, start: number): { readonly data: Uint8Array[]; readonly end: number } {
  const data: Uint8Array[] = [];
  let at = start;
  for (let length = file.u8(at); length > 0; length = file.u8(at)) {
    data.push(file.part(at + 1, length));
    at += 1 + length;
  }
  return { data, end: at + 1 };
}
