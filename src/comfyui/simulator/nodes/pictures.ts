import { imageOf, inputOf, type NodeClass, numberOf, seedOf, textOf } from '../node-class.js';
import { keyOf, pattern, randomFrom } from '../paint.js';
import { type Method, resize } from '../resize.js';
import type { Image } from '../values.js';
import { methodNamed } from './latents.js';

function scaled(image: Image, width: number, height: number, method: Method): Image {
  const frames = image.frames.map((samples) =>
    resize({ width: image.width, height: image.height, samples }, width, height, method),
  );
  return { kind: 'image', width, height, frames };
}

/** The same for every frame, sample by sample. */
export function mapSamples(image: Image, change: (sample: number, at: number) => number): Image {
  return { ...image, frames: image.frames.map((frame) => frame.map(change)) };
}

export const pictures: Readonly<Record<string, NodeClass>> = {
  EmptyImage: {
    run: async (inputs) => {
      const [width, height] = [numberOf(inputs, 'width'), numberOf(inputs, 'height')];
      const color = numberOf(inputs, 'color');
      const channels = [color >> 16, (color >> 8) & 255, color & 255].map((value) => value / 255);
      const frame = Float32Array.from({ length: width * height * 3 }, (_, at) => channels[at % 3] ?? 0);
      const frames = Array.from({ length: numberOf(inputs, 'batch_size') }, () => frame);
      return { outputs: [{ kind: 'image', width, height, frames }] };
    },
  },
  ImageInvert: { run: async (inputs) => ({ outputs: [mapSamples(imageOf(inputs, 'image'), (sample) => 1 - sample)] }) },
  ImageAddNoise: {
    run: async (inputs) => {
      const strength = numberOf(inputs, 'strength');
      const random = randomFrom(keyOf('noise', seedOf(inputs, 'seed')));
      const noisy = (sample: number) => Math.min(1, Math.max(0, sample + strength * (random() * 2 - 1)));
      return { outputs: [mapSamples(imageOf(inputs, 'image'), noisy)] };
    },
  },
  ImageScale: {
    run: async (inputs) => {
      const image = imageOf(inputs, 'image');
      const [width, height] = [numberOf(inputs, 'width'), numberOf(inputs, 'height')];
      const kept = (side: number, other: number, from: number, otherFrom: number) =>
        side !== 0 ? side : Math.max(1, other === 0 ? from : Math.round((from * other) / otherFrom));
      const wide = kept(width, height, image.width, image.height);
      const high = kept(height, width, image.height, image.width);
      return { outputs: [scaled(image, wide, high, methodNamed(textOf(inputs, 'upscale_method')))] };
    },
  },
  ImageScaleBy: {
    run: async (inputs) => {
      const image = imageOf(inputs, 'image');
      const side = (pixels: number) => Math.max(1, Math.round(pixels * numberOf(inputs, 'scale_by')));
      const method = methodNamed(textOf(inputs, 'upscale_method'));
      return { outputs: [scaled(image, side(image.width), side(image.height), method)] };
    },
  },
  ImageUpscaleWithModel: {
    run: async (inputs) => {
      const { digest } = inputOf(inputs, 'upscale_model', 'network');
      const image = imageOf(inputs, 'image');
      const large = scaled(image, image.width * 4, image.height * 4, 'linear');
      const detail = pattern(digest, large.width, large.height, 40);
      const sharp = (sample: number, at: number) => Math.min(1, Math.max(0, sample + 0.02 * (detail[at] ?? 0)));
      return { outputs: [mapSamples(large, sharp)] };
    },
  },
};
