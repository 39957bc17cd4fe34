import { crc32, deflateSync } from 'node:zlib';

/** A PNG as ComfyUI's savers write it: 8-bit RGB samples row by row, the texts as tEXt chunks before the picture. */
export function writePng(
  width: number,
  height: number,
  rgb: Uint8Array,
  texts: readonly (readonly [keyword: string, text: string])[],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const notes = texts.map(([keyword, text]) => chunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1')));
  const rows = chunk('IDAT', deflateSync(filtered(width, height, rgb), { level: 4 }));
  return Buffer.concat([signature, chunk('IHDR', header), ...notes, rows, chunk('IEND', Buffer.alloc(0))]);
}

/** Every row with filter 1 (difference to the left neighbour), which suits soft pictures. */
function filtered(width: number, height: number, rgb: Uint8Array): Buffer {
  const stride = width * 3;
  const out = Buffer.alloc((stride + 1) * height);
  for (let row = 0; row < height; row++) {
    const to = row * (stride + 1) + 1;
    const from = row * stride;
    out[to - 1] = 1;
    for (let at = 0; at < stride; at++) out[to + at] = (rgb[from + at] ?? 0) - (at < 3 ? 0 : (rgb[from + at - 3] ?? 0));
  }
  return out;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}
