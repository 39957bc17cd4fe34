import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { PythonError } from './python.js';

const modelFile = /\.(?:ckpt|pt2?|bin|pth|safetensors|pkl|sft)$/i;

/** ComfyUI's folders of models below the base folder, in its order. */
const modelDirectories: Readonly<Record<string, readonly string[]>> = {
  checkpoints: ['models/checkpoints', 'output/checkpoints'],
  configs: ['models/configs'],
  loras: ['models/loras', 'output/loras'],
  vae: ['models/vae', 'output/vae'],
  text_encoders: ['models/text_encoders', 'models/clip', 'output/clip'],
  diffusion_models: ['models/unet', 'models/diffusion_models', 'output/diffusion_models'],
  clip_vision: ['models/clip_vision'],
  style_models: ['models/style_models'],
  embeddings: ['models/embeddings'],
  diffusers: ['models/diffusers'],
  vae_approx: ['models/vae_approx'],
  controlnet: ['models/controlnet', 'models/t2i_adapter'],
  gligen: ['models/gligen'],
  upscale_models: ['models/upscale_models'],
  latent_upscale_models: ['models/latent_upscale_models'],
  custom_nodes: ['custom_nodes'],
  hypernetworks: ['models/hypernetworks'],
  photomaker: ['models/photomaker'],
  classifiers: ['models/classifiers'],
  model_patches: ['models/model_patches'],
  audio_encoders: ['models/audio_encoders'],
};

/** Absolute folders by name, as `/internal/folder_paths` tells them. */
export function folderPaths(base: string): Map<string, string[]> {
  const entries = Object.entries(modelDirectories);
  return new Map(entries.map(([name, folders]) => [name, folders.map((folder) => resolve(base, folder))]));
}

export interface ModelFile {
  /** Relative to its folder, with the separators of this machine. */
  readonly name: string;
  /** Which of the folders of that name. */
  readonly folder: number;
  readonly path: string;
}

/** The model files of one folder name, sorted; of two with the same name the first folder's counts. */
export async function modelFiles(base: string, name: string): Promise<ModelFile[]> {
  const found = new Map<string, ModelFile>();
  for (const [index, folder] of (folderPaths(base).get(name) ?? []).entries()) {
    for (const path of await filesBelow(folder)) {
      const relativeName = relative(folder, path);
      if (modelFile.test(relativeName) && !found.has(relativeName)) {
        found.set(relativeName, { name: relativeName, folder: index, path });
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @throws PythonError when there is no such model */
export async function modelPath(base: string, folder: string, name: string): Promise<string> {
  const found = (await modelFiles(base, folder)).find((file) => file.name === name);
  if (found !== undefined) return found.path;
  throw new PythonError('FileNotFoundError', `Model in folder '${folder}' with filename '${name}' not found.`);
}

/** SHA-256 of a file as it is now, in hex. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest('hex');
}

export const fileTypes = ['output', 'input', 'temp'] as const;
export type FileType = (typeof fileTypes)[number];

/** The path of a file in `output/`, `input/` or `temp/`; `undefined` when it would leave the folder. */
export function filePath(base: string, type: FileType, name: string): string | undefined {
  const folder = resolve(base, type);
  const path = resolve(folder, name);
  return path.startsWith(folder + sep) ? path : undefined;
}

/** The path of what a loader names: `name`, or `name [output]`; `undefined` when there is no such file. */
export async function annotatedPath(base: string, value: string): Promise<string | undefined> {
  const [, name = value, type = 'input'] = /^(.*) \[(output|input|temp)\]$/.exec(value) ?? [];
  const path = filePath(base, type as FileType, name);
  const isFile =
    path !== undefined &&
    (await stat(path).then(
      (info) => info.isFile(),
      () => false,
    ));
  return isFile ? path : undefined;
}

/** Names of the files at the top of a folder, sorted. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

/** The number that the next file of a prefix gets: one more than the highest in that folder, whatever the extension. */
export async function nextCounter(path: string): Promise<number> {
  const prefix = `${basename(path)}_`;
  const numbers = (await filesIn(dirname(path)))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number.parseInt(name.slice(prefix.length), 10))
    .filter((number) => Number.isSafeInteger(number));
  return Math.max(0, ...numbers) + 1;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}
