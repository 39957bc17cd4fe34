import { imageOf, inputOf, type NodeClass, numberOf, textOf } from '../node-class.js';
import { type Method, resize } from '../resize.js';
import { decode, encode } from '../vae.js';
import type { Latent } from '../values.js';

/** Pixels along one side of a latent cell. */
const cell = 8;

function scaled(latent: Latent, width: number, height: number, method: Method): Latent {
  const frames = latent.frames.map((samples) =>
    resize({ width: latent.width, height: latent.height, samples }, width, height, method),
  );
  return { kind: 'latent', width, height, frames };
}

export const methodNamed = (name: string): Method =>
  name === 'nearest-exact' ? 'nearest' : name === 'area' ? 'area' : 'linear';

export const latents: Readonly<Record<string, NodeClass>> = {
  EmptyLatentImage: {
    run: async (inputs) => {
      const width = Math.floor(numberOf(inputs, 'width') / cell);
      const height = Math.floor(numberOf(inputs, 'height') / cell);
      const count = numberOf(inputs, 'batch_size');
      const frames = Array.from({ length: count }, () => new Float32Array(width * height * 3));
      return { outputs: [{ kind: 'latent', width, height, frames }] };
    },
  },
  LatentUpscale: {
    run: async (inputs) => {
      const latent = inputOf(inputs, 'samples', 'latent');
      const side = (name: string, other: number) => Math.floor(numberOf(inputs, name) / cell) || other;
      const method = methodNamed(textOf(inputs, 'upscale_method'));
      return { outputs: [scaled(latent, side('width', latent.width), side('height', latent.height), method)] };
    },
  },
  LatentUpscaleBy: {
    run: async (inputs) => {
      const latent = inputOf(inputs, 'samples', 'latent');
      const side = (cells: number) => Math.max(1, Math.round(cells * numberOf(inputs, 'scale_by')));
      const method = methodNamed(textOf(inputs, 'upscale_method'));
      return { outputs: [scaled(latent, side(latent.width), side(latent.height), method)] };
    },
  },
  VAEDecode: {
    run: async (inputs) => ({ outputs: [decode(inputOf(inputs, 'samples', 'latent'), inputOf(inputs, 'vae', 'vae'))] }),
  },
  VAEEncode: {
    run: async (inputs) => ({ outputs: [encode(imageOf(inputs, 'pixels'), inputOf(inputs, 'vae', 'vae'))] }),
  },
};
