// Pictures as ComfyUI saves them: light and shade with the grain of a photograph, a filter chosen for each row as Pillow does, deflate level 4, IDAT chunks
// of 64 KiB, prompt and workflow in front.
import { crc32, deflateSync } from 'node:zlib';

export const [width, height] = [832, 1216];
const pixel = 3;
const chunkBytes = 64 * 1024;

/** The chunks of the pixels: another picture for each number, about 1.4 MB. */
export function bodyOf(number) {
  const rows = Buffer.alloc(height * (1 + width * pixel));
  let above = new Uint8Array(width * pixel);
  const row = rowOf(number);
  for (let y = 0; y < height; y++) {
    const samples = row(y);
    rows.set(smallest(samples, above), y * (1 + width * pixel));
    above = samples;
  }
  const data = deflateSync(rows, { level: 4 });
  const parts = [];
  for (let at = 0; at < data.length; at += chunkBytes) parts.push(chunk('IDAT', data.subarray(at, at + chunkBytes)));
  return Buffer.concat([...parts, chunk('IEND', Buffer.alloc(0))]);
}

/** A file with this body and these texts. */
export function pictureOf(body, texts) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const before = Object.entries(texts).map(([key, text]) => chunk('tEXt', Buffer.from(`${key}\0${text}`, 'latin1')));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), ...before, body]);
}

function chunk(type, data) {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
  return bytes;
}

function rowOf(number) {
  let state = number * 7919 + 1;
  const grain = () => {
    let sum = 0;
    for (let draw = 0; draw < 4; draw++) {
      state = Math.imul(state, 1664525) + 1013904223;
      sum += (state >>> 24) / 256;
    }
    return (sum - 2) * 5;
  };
  return (y) => {
    const samples = new Uint8Array(width * pixel);
    for (let x = 0; x < width; x++) {
      const light = 128 + 70 * Math.sin(x / 97 + number) * Math.cos(y / 131) + 25 * Math.sin((x + 2 * y) / 23);
      const own = grain();
      for (let c = 0; c < pixel; c++)
        samples[x * pixel + c] = Math.max(0, Math.min(255, light + c * 12 + own + grain() / 3));
    }
    return samples;
  };
}

/** The row under the filter that leaves the least, its number in front. */
function smallest(samples, above) {
  let best;
  let least = Number.POSITIVE_INFINITY;
  for (const [number, predict] of filters.entries()) {
    const row = new Uint8Array(samples.length + 1);
    row[0] = number;
    let sum = 0;
    for (let at = 0; at < samples.length; at++) {
      const left = at < pixel ? 0 : samples[at - pixel];
      const corner = at < pixel ? 0 : above[at - pixel];
      const value = (samples[at] - predict(left, above[at], corner)) & 255;
      row[at + 1] = value;
      sum += value < 128 ? value : 256 - value;
    }
    if (sum < least) [best, least] = [row, sum];
  }
  return best;
}

const filters = [() => 0, (left) => left, (_, up) => up, (left, up) => (left + up) >> 1, paeth];

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
