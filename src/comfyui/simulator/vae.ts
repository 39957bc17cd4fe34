import { randomFrom } from './paint.js';
import { resize } from './resize.js';
import type { Image, Latent, Vae } from './values.js';

/** Pixels along one side of a latent cell, and along one side of the texture that a VAE leaves. */
const cell = 8;
const tile = 16;

/** Latent to pixels: enlarged, squeezed into 0..1, with the faint texture of this VAE. */
export function decode(latent: Latent, vae: Vae): Image {
  const width = latent.width * cell;
  const height = latent.height * cell;
  const grain = texture(vae);
  const frames = latent.frames.map((samples) => {
    const out = resize({ width: latent.width, height: latent.height, samples }, width, height, 'linear');
    for (let at = 0; at < out.length; at++) {
      const point = Math.floor(at / 3);
      const place = (Math.floor(point / width) % tile) * tile + ((point % width) % tile);
      out[at] = 0.5 + 0.5 * Math.tanh(out[at] ?? 0) + (grain[place] ?? 0);
    }
    return out;
  });
  return { kind: 'image', width, height, frames };
}

/** Pixels to latent: reduced, and the squeezing undone. */
export function encode(image: Image, vae: Vae): Latent {
  const width = Math.max(1, Math.floor(image.width / cell));
  const height = Math.max(1, Math.floor(image.height / cell));
  const shift = texture(vae)[0] ?? 0;
  const frames = image.frames.map((samples) =>
    resize({ width: image.width, height: image.height, samples }, width, height, 'area').map((sample) =>
      Math.atanh(Math.min(0.999, Math.max(-0.999, sample * 2 - 1 + shift))),
    ),
  );
  return { kind: 'latent', width, height, frames };
}

function texture(vae: Vae): Float32Array {
  const out = new Float32Array(tile * tile);
  if (vae.digest === undefined) return out;
  const random = randomFrom(`vae ${vae.digest}`);
  return out.map(() => (random() - 0.5) * 0.02);
}
