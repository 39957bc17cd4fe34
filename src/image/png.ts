import { inflateSync } from 'node:zlib';
import type { Picture } from './picture.js';
import { bad, isPng, pngChunks, truncated } from './png-chunks.js';
import { unfilter } from './png-filters.js';
import { type PngHeader, readHeader, storedChannels } from './png-header.js';
import { dataBytes, type Pass, passesOf, rowBytes } from './png-passes.js';
import { type ColorChunks, type Expansion, expansionOf, rowReader } from './png-samples.js';

export { isPng };

/** A still picture of a PNG file, and whether the file holds an animation of which that is only the default image. */
export interface DecodedPng {
  readonly picture: Picture;
  readonly animated: boolean;
}

/**
 * Decodes a PNG file (W3C PNG, third edition): every colour type and depth, interlaced or not, tRNS as alpha; samples as stored, that is without
 * applying gamma or a colour profile. Grey stays one channel, a palette becomes RGB. Of an animation the default image.
 * @throws InputError `not-png`, `png-truncated`, `png-bad`, `png-too-large`
 */
export const decodePng = (bytes: Uint8Array): Picture => decodePngFile(bytes).picture;

/**
 * As `decodePng`, and says whether the file is an animation.
 * @throws InputError `not-png`, `png-truncated`, `png-bad`, `png-too-large`
 */
export function decodePngFile(bytes: Uint8Array): DecodedPng {
  const chunks = pngChunks(bytes);
  const header = readHeader(chunks.next().value ?? undefined);
  const data: Uint8Array[] = [];
  let colors: ColorChunks = {};
  let animated = false;
  for (const chunk of chunks) {
    if (chunk.type === 'IDAT') data.push(chunk.data);
    else if (chunk.type === 'PLTE') colors = { ...colors, palette: chunk.data };
    else if (chunk.type === 'tRNS') colors = { ...colors, transparency: chunk.data };
    else if (chunk.type === 'acTL') animated = true;
  }
  const passes = passesOf(header);
  return { picture: readRows(header, passes, inflated(data, dataBytes(header, passes)), colors), animated };
}

/** Deflate cannot shrink data more than this. */
const maxRatio = 1032;
/** Of what is inflated, in bytes; the smaller one is zlib's own. */
const smallestPiece = 64;
const largestPiece = 64 * 1024 * 1024;

/** The inflated IDAT data, exactly `expected` bytes, without ever holding more. */
function inflated(data: readonly Uint8Array[], expected: number): Uint8Array {
  const packed = Buffer.concat(data);
  // A header that promises far more than the data can hold is refused before any memory is taken for it.
  if (packed.length * maxRatio < expected) throw truncated();
  try {
    // In one piece: pieces would be put together again. One byte more, and what is longer shows at once.
    const chunkSize = Math.min(Math.max(expected + 1, smallestPiece), largestPiece);
    const raw = inflateSync(packed, { maxOutputLength: expected, chunkSize });
    if (raw.length < expected) throw truncated();
    // A plain view, as those of the rows that are made here: the loops over them are faster where all are of one kind.
    return new Uint8Array(raw.buffer, raw.byteOffset, raw.length);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'Z_BUF_ERROR') throw truncated(error);
    if (code === 'ERR_BUFFER_TOO_LARGE') throw bad('its data is longer than its size says', error);
    throw code?.startsWith('Z_') === true ? bad('its compressed data is broken', error) : error;
  }
}

function readRows(header: PngHeader, passes: readonly Pass[], raw: Uint8Array, colors: ColorChunks): Picture {
  const { width, height } = header;
  const expansion = expansionOf(header, colors);
  const { channels } = expansion;
  const wide = header.bits === 16;
  if (expansion.verbatim && !wide && !header.interlaced) {
    return { width, height, channels, depth: 8, samples: joinedRows(raw, width * channels, pixelBytes(header)) };
  }
  const samples = wide ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  const place = scatterRow(header, expansion);
  let offset = 0;
  for (const pass of passes) {
    const end = offset + pass.height * (rowBytes(header, pass) + 1);
    eachRow(raw.subarray(offset, end), rowBytes(header, pass), pixelBytes(header), (row, y) => {
      place(row, pass, samples, ((pass.y + y * pass.stepY) * width + pass.x) * channels);
    });
    offset = end;
  }
  return { width, height, channels, depth: wide ? 16 : 8, samples };
}

/** The everyday case, eight bits and nothing to expand: rows only move together, in the memory where they are. */
function joinedRows(raw: Uint8Array, size: number, pixel: number): Uint8Array {
  let above: Uint8Array = new Uint8Array(size);
  let end = 0;
  for (let start = 0; start < raw.length; start += size + 1, end += size) {
    const filter = raw[start] as number;
    raw.copyWithin(end, start + 1, start + 1 + size);
    const row = raw.subarray(end, end + size);
    unfilter(filter, row, above, pixel);
    above = row;
  }
  return raw.subarray(0, end);
}

/** Puts the pixels of a pass's row into the picture; the first one goes to `start`. */
type PlaceRow = (row: Uint8Array, pass: Pass, samples: Uint8Array | Uint16Array, start: number) => void;

function scatterRow(header: PngHeader, { channels, expand }: Expansion): PlaceRow {
  const read = rowReader(header.bits);
  const perPixel = storedChannels[header.color];
  const stored = new Uint16Array(header.width * perPixel);
  return (row, pass, samples, start) => {
    read(row, stored.subarray(0, pass.width * perPixel));
    for (let x = 0; x < pass.width; x++) expand(stored, x * perPixel, samples, start + x * pass.stepX * channels);
  };
}

const pixelBytes = (header: PngHeader) => Math.max(1, (storedChannels[header.color] * header.bits) / 8);

/** Calls `use` with every row of a pass, its filter taken back. */
function eachRow(raw: Uint8Array, size: number, pixel: number, use: (row: Uint8Array, y: number) => void): void {
  let above: Uint8Array = new Uint8Array(size);
  for (let start = 0, y = 0; start < raw.length; start += size + 1, y++) {
    const row = raw.subarray(start + 1, start + 1 + size);
    unfilter(raw[start] as number, row, above, pixel);
    use(row, y);
    above = row;
  }
}
