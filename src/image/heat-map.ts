import type { Picture } from './picture.js';
import { writePng } from './write-png.js';

/**
 * Where two pictures of one shape differ, as a PNG: what is the same shows the first picture, grey and dim; what differs glows from red over orange to
 * white with the largest difference of a channel, on a scale whose top is the largest difference of all.
 * @returns `undefined` for pictures of different shape
 */
export function heatMap(a: Picture, b: Picture): Buffer | undefined {
  const { width, height, channels } = a;
  if (b.width !== width || b.height !== height || b.channels !== channels || a.depth !== b.depth) return undefined;
  const { differences, largest } = pixelDifferences(a, b);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const difference = differences[pixel] as number;
    if (difference === 0) rgb.fill(dimmed(a, pixel), pixel * 3, pixel * 3 + 3);
    // The root lifts small differences out of the dark.
    else rgb.set(glow(Math.sqrt(difference / largest)), pixel * 3);
  }
  return writePng(width, height, rgb, []);
}

function pixelDifferences({ samples, channels }: Picture, b: Picture) {
  const differences = new Uint16Array(samples.length / channels);
  let largest = 0;
  for (let at = 0; at < samples.length; at++) {
    const difference = Math.abs((samples[at] as number) - (b.samples[at] as number));
    const pixel = Math.floor(at / channels);
    if (difference > (differences[pixel] as number)) differences[pixel] = difference;
    if (difference > largest) largest = difference;
  }
  return { differences, largest };
}

/** A quarter of its brightness. */
function dimmed({ samples, channels, depth }: Picture, pixel: number): number {
  const colours = channels < 3 ? 1 : 3;
  let sum = 0;
  for (let colour = 0; colour < colours; colour++) sum += samples[pixel * channels + colour] as number;
  return Math.round(sum / colours / (depth === 16 ? 257 : 1) / 4);
}

/** @param heat from 0 to 1 */
const glow = (heat: number): [number, number, number] => [
  Math.round(120 + 135 * Math.min(1, heat * 2)),
  Math.round(255 * Math.max(0, Math.min(1, heat * 2 - 0.6))),
  Math.round(255 * Math.max(0, heat * 2 - 1)),
];
