import { add, bend, keyOf, pattern } from './paint.js';
import { type Frame, resize } from './resize.js';
import type { Conditioning, Control, Model, Patch } from './values.js';

export interface Sampling {
  readonly model: Model;
  readonly positive: Conditioning;
  readonly negative: Conditioning;
  readonly seed: string;
  readonly steps: number;
  readonly cfg: number;
  /** Sampler and scheduler. */
  readonly method: string;
  /** 1: all new; 0: the latent as it was. */
  readonly denoise: number;
}

/**
 * The simulated sampler: paints the latent from everything that went in. Other text, seed or model bytes give another picture; a
 * strength, CFG or number of steps that is a little different gives a picture that is a little different.
 */
export function sample(latent: Frame, settings: Sampling, batchIndex: number): Float32Array {
  const { width, height } = latent;
  const { model, positive, negative, seed, steps, cfg, method, denoise } = settings;
  const guidance = cfg / (cfg + 6);
  const picture = pattern(keyOf('seed', seed, String(batchIndex)), width, height);
  add(picture, pattern(keyOf('model', model.digest), width, height), 0.5);
  add(picture, encoded(positive, width, height), guidance);
  add(picture, encoded(negative, width, height), -guidance / 3);
  applyPatches(picture, model.patches, width, height);
  for (const control of positive.controls) applyControl(picture, control, width, height);
  add(picture, pattern(keyOf('method', method, seed), width, height, 6), 0.06);
  // What is left of the noise: less with every step.
  add(picture, pattern(keyOf('noise', seed, String(batchIndex)), width, height, 12), 0.6 / (1 + steps));
  const out = latent.samples.map((sample) => sample * (1 - denoise));
  add(out, picture, denoise);
  return out;
}

function encoded(conditioning: Conditioning, width: number, height: number): Float32Array {
  const out = pattern(keyOf('text', conditioning.key), width, height);
  for (const { digest, strength } of conditioning.patches) {
    add(out, pattern(keyOf('text patch', digest, conditioning.key), width, height), strength * 0.15);
    bend(out);
  }
  return out;
}

/** Bent after each one, so that the order of a chain matters. */
function applyPatches(picture: Float32Array, patches: readonly Patch[], width: number, height: number): void {
  for (const { digest, strength } of patches) {
    add(picture, pattern(keyOf('patch', digest), width, height, 4), strength * 0.4);
    bend(picture);
  }
}

/** A control picture pulls the composition towards its own lights and shadows. */
function applyControl(picture: Float32Array, control: Control, width: number, height: number): void {
  const [samples = new Float32Array()] = control.image.frames;
  const guide = resize({ width: control.image.width, height: control.image.height, samples }, width, height, 'area');
  const weight = control.strength * control.share;
  const light = guide.map((sample) => sample * 2 - 1);
  add(picture, light, weight * 0.8);
  add(picture, pattern(keyOf('control', control.digest), width, height, 5), weight * 0.2);
}
