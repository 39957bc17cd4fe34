import type { Json } from '../../workflow/json.js';

/** What travels along a link of the simulated server. */
export type Value = Constant | Image | Mask | Latent | Model | Clip | Vae | Network | Conditioning;

export interface Constant {
  readonly kind: 'constant';
  readonly value: Json;
}

/** A batch of pictures: RGB, 0 to 1, interleaved, row by row. */
export interface Image {
  readonly kind: 'image';
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Float32Array[];
}

export interface Mask {
  readonly kind: 'mask';
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Float32Array[];
}

/** A batch of latents: three channels around 0, one cell for 8 x 8 pixels. */
export interface Latent {
  readonly kind: 'latent';
  /** In cells. */
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Float32Array[];
}

/** Something applied on top of a model, in order. */
export interface Patch {
  /** SHA-256 of the file that it came from. */
  readonly digest: string;
  readonly strength: number;
}

export interface Model {
  readonly kind: 'model';
  readonly digest: string;
  readonly patches: readonly Patch[];
}

export interface Clip {
  readonly kind: 'clip';
  readonly digest: string;
  readonly layer: number;
  readonly patches: readonly Patch[];
}

export interface Vae {
  readonly kind: 'vae';
  /** `undefined`: `pixel_space`, which changes nothing. */
  readonly digest: string | undefined;
}

/** A ControlNet or an upscaler. */
export interface Network {
  readonly kind: 'network';
  readonly digest: string;
}

/** A picture that guides the sampler. */
export interface Control extends Patch {
  readonly image: Image;
  /** Part of the sampling during which it counts, 0 to 1. */
  readonly share: number;
}

export interface Conditioning {
  readonly kind: 'conditioning';
  /** Text, text encoder and embeddings, as one key. */
  readonly key: string;
  readonly patches: readonly Patch[];
  readonly controls: readonly Control[];
}
