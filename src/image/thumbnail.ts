import type { Picture } from './picture.js';

/** A small picture to look at: 8-bit RGB, row by row. */
export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const white = 255;

/**
 * The picture with no side longer than `longest` samples; each sample of it is the mean of those it stands for, what is transparent over white. A picture that
 * is small enough keeps its size.
 */
export function thumbnail(picture: Picture, longest: number): Thumbnail {
  const scale = Math.max(1, Math.max(picture.width, picture.height) / longest);
  const width = Math.max(1, Math.round(picture.width / scale));
  const height = Math.max(1, Math.round(picture.height / scale));
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const rows = span(y, height, picture.height);
    for (let x = 0; x < width; x++) putMean(rgb, (y * width + x) * 3, picture, span(x, width, picture.width), rows);
  }
  return { width, height, rgb };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which of `length` samples one of `parts` stands for; one at least. */
function span(part: number, parts: number, length: number): Span {
  const from = Math.floor((part * length) / parts);
  return { from, to: Math.max(from + 1, Math.floor(((part + 1) * length) / parts)) };
}

function putMean(rgb: Uint8Array, at: number, picture: Picture, columns: Span, rows: Span): void {
  const { width, channels, samples, depth } = picture;
  const colours = channels < 3 ? 1 : 3;
  const opaque = depth === 16 ? 65535 : white;
  const sums = [0, 0, 0];
  for (let y = rows.from; y < rows.to; y++) {
    for (let x = columns.from; x < columns.to; x++) {
      const first = (y * width + x) * channels;
      const alpha = channels % 2 === 0 ? (samples[first + channels - 1] ?? 0) / opaque : 1;
      for (let colour = 0; colour < 3; colour++) {
        const value = ((samples[first + (colours === 1 ? 0 : colour)] ?? 0) / opaque) * white;
        sums[colour] = (sums[colour] ?? 0) + value * alpha + white * (1 - alpha);
      }
    }
  }
  const count = (columns.to - columns.from) * (rows.to - rows.from);
  for (let colour = 0; colour < 3; colour++) rgb[at + colour] = Math.round((sums[colour] ?? 0) / count);
}
