import { bad } from './png-chunks.js';
import { type PngHeader, storedChannels } from './png-header.js';

/** Samples of one row as stored, one number each: grey levels, colours or palette indices, not yet scaled. */
export type RowReader = (row: Uint8Array, into: Uint16Array) => void;

/** Reads `into.length` samples of 1, 2, 4, 8 or 16 bits from packed bytes (W3C PNG, 7.2). */
export function rowReader(bits: number): RowReader {
  if (bits === 8) return (row, into) => into.set(row.subarray(0, into.length));
  if (bits === 16) return readWide;
  const mask = 2 ** bits - 1;
  const perByte = 8 / bits;
  return (row, into) => {
    for (let i = 0; i < into.length; i++) {
      const byte = row[Math.floor(i / perByte)] as number;
      into[i] = (byte >> (8 - bits * ((i % perByte) + 1))) & mask;
    }
  };
}

const readWide: RowReader = (row, into) => {
  for (let i = 0; i < into.length; i++) into[i] = ((row[2 * i] as number) << 8) | (row[2 * i + 1] as number);
};

/** PLTE and tRNS, as they stand in the file. */
export interface ColorChunks {
  readonly palette?: Uint8Array;
  readonly transparency?: Uint8Array;
}

/** Turns the stored samples of one pixel at `from` into the picture's samples at `to`. */
export type Expand = (stored: Uint16Array, from: number, samples: Uint8Array | Uint16Array, to: number) => void;

export interface Expansion {
  readonly channels: 1 | 2 | 3 | 4;
  /** Stored samples are the picture's samples as they stand: whole rows can be copied. */
  readonly verbatim: boolean;
  readonly expand: Expand;
}

/**
 * How a stored pixel becomes samples: small grey levels are scaled to 8 bits, palette indices become RGB, and tRNS becomes an alpha channel.
 * @throws InputError `png-bad`
 */
export function expansionOf(header: PngHeader, chunks: ColorChunks): Expansion {
  if (header.color === 'palette') return fromPalette(chunks);
  const channels = storedChannels[header.color];
  const scale = header.bits < 8 ? 255 / (2 ** header.bits - 1) : 1;
  const key =
    header.color === 'grey' || header.color === 'rgb' ? transparentColor(chunks, channels, header.bits) : undefined;
  return key === undefined ? plain(channels, scale) : keyed(channels, scale, key, header.bits === 16 ? 65535 : 255);
}

function plain(channels: number, scale: number): Expansion {
  return {
    channels: channels as Expansion['channels'],
    verbatim: scale === 1,
    expand: (stored, from, samples, to) => {
      for (let c = 0; c < channels; c++) samples[to + c] = (stored[from + c] as number) * scale;
    },
  };
}

/** One colour is transparent, all others are opaque. */
function keyed(channels: number, scale: number, key: readonly number[], opaque: number): Expansion {
  return {
    channels: (channels + 1) as Expansion['channels'],
    verbatim: false,
    expand: (stored, from, samples, to) => {
      let same = true;
      for (let c = 0; c < channels; c++) {
        const level = stored[from + c] as number;
        same &&= level === key[c];
        samples[to + c] = level * scale;
      }
      samples[to + channels] = same ? 0 : opaque;
    },
  };
}

function transparentColor({ transparency }: ColorChunks, channels: number, bits: number): number[] | undefined {
  if (transparency === undefined) return undefined;
  if (transparency.length !== 2 * channels) throw bad('its tRNS chunk has a wrong length');
  const wide = new Uint16Array(channels);
  readWide(transparency, wide);
  // Only the low bits count where samples are smaller (W3C PNG, 11.3.1.1).
  return [...wide].map((level) => level & (2 ** bits - 1));
}

function fromPalette({ palette, transparency }: ColorChunks): Expansion {
  if (palette === undefined || palette.length === 0 || palette.length % 3 !== 0 || palette.length > 768) {
    throw bad('it has no proper palette');
  }
  const channels = transparency === undefined ? 3 : 4;
  return {
    channels,
    verbatim: false,
    expand: (stored, from, samples, to) => {
      const index = stored[from] as number;
      if (3 * index >= palette.length) throw bad('a pixel names a colour that its palette lacks');
      for (let c = 0; c < 3; c++) samples[to + c] = palette[3 * index + c] as number;
      if (channels === 4) samples[to + 3] = transparency?.[index] ?? 255;
    },
  };
}
