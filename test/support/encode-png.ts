import { crc32, deflateSync } from 'node:zlib';

/** What to write: samples as stored (a palette index is one), `channels` and `bits` as the colour type says. */
export interface PngPlan {
  readonly width: number;
  readonly height: number;
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  readonly bits: 1 | 2 | 4 | 8 | 16;
  readonly interlaced?: boolean;
  /** Filter of each row in turn. */
  readonly filters?: readonly number[];
  readonly samples: ArrayLike<number>;
  readonly palette?: Uint8Array;
  readonly transparency?: Uint8Array;
  /** Chunks between the header and the data. */
  readonly before?: readonly Uint8Array[];
}

export const channelsOf = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** A PNG file, written the other way round than the decoder reads: every pixel asks which pass it belongs to. */
export function encodePng(plan: PngPlan): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(plan.width, 0);
  header.writeUInt32BE(plan.height, 4);
  header.set([plan.bits, plan.colorType, 0, 0, plan.interlaced === true ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(plan.palette === undefined ? [] : [chunk('PLTE', plan.palette)]),
    ...(plan.transparency === undefined ? [] : [chunk('tRNS', plan.transparency)]),
    ...(plan.before ?? []),
    chunk('IDAT', deflateSync(filteredRows(plan))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/** The pattern of the standard: which of the seven passes each pixel of an 8 x 8 block is in. */
const pattern = ['16462646', '77777777', '56565656', '77777777', '36463646', '77777777', '56565656', '77777777'];

function filteredRows(plan: PngPlan): Buffer {
  const out: Buffer[] = [];
  const filters = plan.filters ?? [0];
  const pixel = Math.max(1, (channelsOf[plan.colorType] * plan.bits) / 8);
  let written = 0;
  for (const pass of plan.interlaced === true ? '1234567' : ' ') {
    let above: Buffer | undefined;
    for (let y = 0; y < plan.height; y++) {
      const row = packedRow(plan, y, pass);
      if (row === undefined) continue;
      const filter = filters[written++ % filters.length] ?? 0;
      out.push(Buffer.from([filter]), filtered(filter, row, above ?? Buffer.alloc(row.length), pixel));
      above = row;
    }
  }
  return Buffer.concat(out);
}

function packedRow(plan: PngPlan, y: number, pass: string): Buffer | undefined {
  const channels = channelsOf[plan.colorType];
  let bits = '';
  for (let x = 0; x < plan.width; x++) {
    if (pass !== ' ' && pattern[y % 8]?.[x % 8] !== pass) continue;
    for (let c = 0; c < channels; c++) {
      bits += (plan.samples[(y * plan.width + x) * channels + c] ?? 0).toString(2).padStart(plan.bits, '0');
    }
  }
  if (bits === '') return undefined;
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

function filtered(filter: number, row: Buffer, above: Buffer, pixel: number): Buffer {
  return Buffer.from(
    row.map((byte, i) => {
      const left = i < pixel ? 0 : (row[i - pixel] ?? 0);
      const up = above[i] ?? 0;
      const corner = i < pixel ? 0 : (above[i - pixel] ?? 0);
      const nearest = [left, up, corner].reduce((best, candidate) =>
        Math.abs(left + up - corner - candidate) < Math.abs(left + up - corner - best) ? candidate : best,
      );
      return (byte - ([0, left, up, (left + up) >> 1, nearest][filter] ?? 0)) & 255;
    }),
  );
}
