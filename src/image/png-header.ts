import { InputError } from '../errors.js';
import { bad, type PngChunk } from './png-chunks.js';

/** What IHDR says (W3C PNG, 11.2.1), checked. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits a sample or palette index: 1, 2, 4, 8, 16. */
  readonly bits: number;
  readonly color: PngColor;
  readonly interlaced: boolean;
}

export type PngColor = 'grey' | 'rgb' | 'palette' | 'grey-alpha' | 'rgba';

interface ColorType {
  readonly color: PngColor;
  readonly bits: readonly number[];
}

const colorTypes: Readonly<Record<number, ColorType>> = {
  0: { color: 'grey', bits: [1, 2, 4, 8, 16] },
  2: { color: 'rgb', bits: [8, 16] },
  3: { color: 'palette', bits: [1, 2, 4, 8] },
  4: { color: 'grey-alpha', bits: [8, 16] },
  6: { color: 'rgba', bits: [8, 16] },
};

/** Samples a pixel as stored: a palette index is one. */
export const storedChannels: Readonly<Record<PngColor, number>> = {
  grey: 1,
  rgb: 3,
  palette: 1,
  'grey-alpha': 2,
  rgba: 4,
};

/** Bytes of samples, with four of them a pixel: 11,585 x 11,585 of 8 bits. What is larger would be a decompression bomb, and is known by its file. */
const maxBytes = 2 ** 29;

/**
 * @throws InputError `png-bad`, `png-too-large`
 */
export function readHeader(chunk: PngChunk | undefined): PngHeader {
  if (chunk?.type !== 'IHDR' || chunk.data.length !== 13) throw bad('it does not begin with a header');
  const view = new DataView(chunk.data.buffer, chunk.data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [bits, type, compression, filter, interlace] = chunk.data.subarray(8);
  const known = colorTypes[type ?? -1];
  if (known === undefined || bits === undefined || !known.bits.includes(bits)) {
    throw bad(`its header names colour type ${type} with ${bits} bits, which do not exist`);
  }
  if (compression !== 0 || filter !== 0 || interlace === undefined || interlace > 1) {
    throw bad('its header names a compression, filter or interlace method that does not exist');
  }
  checkSize(width, height, bits === 16 ? 8 : 4);
  return { width, height, bits, color: known.color, interlaced: interlace === 1 };
}

function checkSize(width: number, height: number, pixel: number): void {
  if (width === 0 || height === 0) throw bad('its width or height is 0');
  if (width * height * pixel > maxBytes) {
    throw new InputError('png-too-large', `a PNG picture of ${width} x ${height} is larger than what is decoded here`, {
      hint: 'it is still known by the hash of its file',
    });
  }
}
