import type { Picture } from '../../image/picture.js';
import type { Image, Mask } from './values.js';

/** What LoadImage makes of a decoded picture: RGB, and the alpha channel turned round as a mask (64 x 64 zeros where there is none). */
export function toImage(picture: Picture): [Image, Mask] {
  const { width, height, channels, depth, samples } = picture;
  const most = depth === 16 ? 65535 : 255;
  const hasAlpha = channels === 2 || channels === 4;
  const colors = channels < 3 ? 1 : 3;
  const rgb = Float32Array.from(
    { length: width * height * 3 },
    (_, at) => (samples[Math.floor(at / 3) * channels + ((at % 3) % colors)] ?? 0) / most,
  );
  const alpha = (at: number) => 1 - (samples[at * channels + channels - 1] ?? 0) / most;
  const mask: Mask = hasAlpha
    ? { kind: 'mask', width, height, frames: [Float32Array.from({ length: width * height }, (_, at) => alpha(at))] }
    : { kind: 'mask', width: 64, height: 64, frames: [new Float32Array(64 * 64)] };
  return [{ kind: 'image', width, height, frames: [rgb] }, mask];
}
