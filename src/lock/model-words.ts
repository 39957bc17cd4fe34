/** What people call a model of a folder. */
const words: Readonly<Record<string, string>> = {
  checkpoints: 'checkpoint',
  loras: 'LoRA',
  vae: 'VAE',
  text_encoders: 'text encoder',
  diffusion_models: 'diffusion model',
  clip_vision: 'CLIP vision model',
  style_models: 'style model',
  embeddings: 'embedding',
  vae_approx: 'preview decoder',
  controlnet: 'ControlNet',
  gligen: 'GLIGEN model',
  upscale_models: 'upscaler',
  hypernetworks: 'hypernetwork',
  photomaker: 'PhotoMaker model',
  configs: 'model config',
  // Nobody could tell its folder.
  unknown: 'model',
};

/** `checkpoint dreamshaper_8.safetensors` for `checkpoints/dreamshaper_8.safetensors`. */
export function modelWords(key: string): string {
  const { folder, name } = splitModelKey(key);
  return Object.hasOwn(words, folder) ? `${words[folder]} ${name}` : `${folder} model ${name}`;
}

/** The folder type and the name below it of a key in `models`. */
export function splitModelKey(key: string): { readonly folder: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { folder: key.slice(0, Math.max(0, slash)), name: key.slice(slash + 1) };
}
