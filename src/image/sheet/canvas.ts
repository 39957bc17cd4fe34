import { drawable, glyphRows, glyphSize, step } from './bitmap-font.js';

export type Colour = readonly [red: number, green: number, blue: number];

/** 8-bit RGB samples, row by row. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export function newCanvas(width: number, height: number, colour: Colour): Canvas {
  const canvas = { width, height, rgb: new Uint8Array(width * height * 3) };
  fill(canvas, { x: 0, y: 0, width, height }, colour);
  return canvas;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What lies outside of the canvas is left out. */
export function fill(canvas: Canvas, { x, y, width, height }: Box, colour: Colour): void {
  const [left, right] = [Math.max(0, x), Math.min(canvas.width, x + width)];
  for (let row = Math.max(0, y); row < Math.min(canvas.height, y + height); row++) {
    for (let column = left; column < right; column++) canvas.rgb.set(colour, (row * canvas.width + column) * 3);
  }
}

/** Puts a picture onto the canvas; it has to fit. */
export function put(canvas: Canvas, { width, height, rgb }: Canvas, x: number, y: number): void {
  for (let row = 0; row < height; row++) {
    const line = rgb.subarray(row * width * 3, (row + 1) * width * 3);
    canvas.rgb.set(line, ((y + row) * canvas.width + x) * 3);
  }
}

/** How many samples a sample of the font is wide and high. */
const scale = 2;

export const textStep = { x: step.x * scale, y: step.y * scale } as const;

/** How many characters stand in so many samples. */
export const charactersIn = (width: number): number => Math.max(1, Math.floor(width / textStep.x));

/** Lines of text, from their upper left corner. */
export function write(canvas: Canvas, lines: readonly string[], x: number, y: number, colour: Colour): void {
  for (const [row, line] of lines.entries()) {
    for (const [column, character] of [...drawable(line)].entries()) {
      writeOne(canvas, character, x + column * textStep.x, y + row * textStep.y, colour);
    }
  }
}

function writeOne(canvas: Canvas, character: string, x: number, y: number, colour: Colour): void {
  for (const [row, bits] of glyphRows(character).entries()) {
    for (let column = 0; column < glyphSize.width; column++) {
      if (((bits >> (glyphSize.width - 1 - column)) & 1) === 0) continue;
      fill(canvas, { x: x + column * scale, y: y + row * scale, width: scale, height: scale }, colour);
    }
  }
}

/** Text in lines of so many characters, broken between words where that is possible; what is too much ends in dots. */
export function wrapped(text: string, characters: number, mostLines: number): string[] {
  const lines: string[] = [];
  let rest = drawable(text).replaceAll(/\s+/g, ' ').trim();
  while (rest !== '' && lines.length < mostLines) {
    const space = rest.length <= characters ? rest.length : rest.lastIndexOf(' ', characters);
    const end = space > 0 ? space : characters;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  const last = lines.at(-1);
  if (rest !== '' && last !== undefined) lines[lines.length - 1] = `${last.slice(0, Math.max(0, characters - 2))}..`;
  return lines;
}
