import { hasModelExtension } from '../workflow/model-inputs.js';

/**
 * The file of a folder's list that a name means, on a server whose disk is out of reach. Embeddings, LoRAs in texts and tiny autoencoders are named
 * without extension, the first two also without their folder: as ComfyUI and packs look for them.
 * @param files as the server lists them, with its own separators
 */
export function listedAs(folder: string, name: string, files: readonly string[]): string | undefined {
  const exact = files.find((file) => slashes(file) === name);
  if (exact !== undefined) return exact;
  if (folder === 'vae_approx') return files.find((file) => slashes(file).startsWith(`${name}.`));
  if (folder !== 'embeddings' && (folder !== 'loras' || hasModelExtension(name))) return undefined;
  const sorted = files.toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
  return (
    sorted.find((file) => stem(file) === name) ??
    sorted.find((file) => slashes(file).endsWith(`/${name}`) || stem(file).endsWith(`/${name}`))
  );
}

const slashes = (name: string) => name.replaceAll('\\', '/');
const stem = (file: string) => slashes(file).replace(/\.[^./]+$/, '');
const depth = (file: string) => slashes(file).split('/').length;
