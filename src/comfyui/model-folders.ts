import { join } from 'node:path';
import type { ExtraFolder } from './extra-model-paths.js';

/** Below `models/`, where the name of the type is not the name of its one folder. Order as in ComfyUI's folder_paths.py. */
const ownFolders: Readonly<Record<string, readonly string[]>> = {
  text_encoders: ['text_encoders', 'clip'],
  diffusion_models: ['unet', 'diffusion_models'],
  controlnet: ['controlnet', 't2i_adapter'],
};

const plainFolders = [
  ...['checkpoints', 'configs', 'loras', 'vae', 'clip_vision', 'style_models', 'embeddings', 'diffusers', 'vae_approx'],
  ...['gligen', 'upscale_models', 'hypernetworks', 'photomaker', 'classifiers', 'model_patches', 'audio_encoders'],
  ...[
    'latent_upscale_models',
    'background_removal',
    'frame_interpolation',
    'geometry_estimation',
    'optical_flow',
    'detection',
  ],
];

/** Folders of the output folder that ComfyUI looks through last, by the type that they belong to. */
const outputFolders: Readonly<Record<string, string>> = {
  checkpoints: 'checkpoints',
  loras: 'loras',
  vae: 'vae',
  text_encoders: 'clip',
  diffusion_models: 'diffusion_models',
};

export interface DefaultFolders {
  readonly own: ReadonlyMap<string, readonly string[]>;
  readonly output: ReadonlyMap<string, string>;
}

/** What ComfyUI looks through without being told: its folders below `models/`, and its own outputs last. */
export function defaultModelFolders(models: string, output: string): DefaultFolders {
  const named = Object.entries(ownFolders).map(([type, names]): [string, string[]] => [
    type,
    names.map((name) => join(models, name)),
  ]);
  const plain = plainFolders.map((type): [string, string[]] => [type, [join(models, type)]]);
  const last = Object.entries(outputFolders).map(([type, name]) => [type, join(output, name)] as const);
  return { own: new Map([...named, ...plain]), output: new Map(last) };
}

/**
 * Puts folders of `extra_model_paths.yaml` where ComfyUI puts them: defaults of that file first (the last one at the very front), then
 * the built-in ones, then the others in file order, the output folder at the end.
 */
export function mergeFolders(
  defaults: DefaultFolders,
  extra: readonly ExtraFolder[],
): { readonly models: Map<string, readonly string[]>; readonly customNodes: readonly string[] } {
  const models = new Map<string, readonly string[]>();
  const types = new Set([...defaults.own.keys(), ...extra.map((folder) => folder.type)]);
  types.delete('custom_nodes');
  for (const type of types) {
    const own = extra.filter((folder) => folder.type === type);
    const first = own.filter((folder) => folder.isDefault).map((folder) => folder.path);
    const after = own.filter((folder) => !folder.isDefault).map((folder) => folder.path);
    const last = defaults.output.get(type);
    const all = [
      ...first.reverse(),
      ...(defaults.own.get(type) ?? []),
      ...after,
      ...(last === undefined ? [] : [last]),
    ];
    models.set(type, [...new Set(all)]);
  }
  const customNodes = extra.filter((folder) => folder.type === 'custom_nodes').map((folder) => folder.path);
  return { models, customNodes };
}
