import { type PngHeader, storedChannels } from './png-header.js';

/** A sub-picture that is stored on its own: the whole picture, or one of the seven of Adam7. */
export interface Pass {
  /** In pixels of the pass. */
  readonly width: number;
  readonly height: number;
  /** Pixel (0, 0) of the pass in the picture, and the steps from one of its pixels to the next. */
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** Start and steps of the seven passes (W3C PNG, 8.1): x, y, step x, step y. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The passes that have pixels; empty ones are not stored at all. */
export function passesOf({ width, height, interlaced }: PngHeader): Pass[] {
  if (!interlaced) return [{ width, height, x: 0, y: 0, stepX: 1, stepY: 1 }];
  return adam7
    .map(([x, y, stepX, stepY]) => ({
      width: Math.ceil((width - x) / stepX),
      height: Math.ceil((height - y) / stepY),
      x,
      y,
      stepX,
      stepY,
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Bytes of one row of the pass, without the filter byte before it. */
export const rowBytes = (header: PngHeader, pass: Pass): number =>
  Math.ceil((pass.width * storedChannels[header.color] * header.bits) / 8);

/** Bytes of all rows of all passes, filter bytes included: what IDAT must inflate to. */
export const dataBytes = (header: PngHeader, passes: readonly Pass[]): number =>
  passes.reduce((sum, pass) => sum + pass.height * (1 + rowBytes(header, pass)), 0);
