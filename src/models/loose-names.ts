import { posix } from 'node:path';
import { hasModelExtension } from '../workflow/model-inputs.js';

/** Types of models that are named without extension, or without their folder: `embedding:name` and `<lora:name:1>` in texts. */
export const isLooselyNamed = (type: string, name: string): boolean =>
  type === 'embeddings' || (type === 'loras' && !hasModelExtension(name));

/**
 * Files of a root that a loose name may mean, the likeliest first. There may be several: ComfyUI looks for embeddings in every folder in an order that is
 * never the same (comfy/sd1_clip.py, load_embed), and packs for LoRAs each in their way.
 * @param files relative to the root, with `/`
 */
export function looseHits(type: string, name: string, files: readonly string[]): string[] {
  const hits = type === 'embeddings' ? embeddingHits(name, files) : loraHits(name, files);
  return hits.toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

const depth = (file: string) => file.split('/').length;

/** In each folder the name as it is, then with each extension: one file a folder. */
function embeddingHits(name: string, files: readonly string[]): string[] {
  const wanted = [name, ...['.safetensors', '.pt', '.bin'].map((extension) => name + extension)];
  const byFolder = new Map<string, { readonly file: string; readonly rank: number }>();
  for (const file of files) {
    const rank = wanted.findIndex((candidate) => file === candidate || file.endsWith(`/${candidate}`));
    if (rank < 0) continue;
    const folder = file.slice(0, file.length - (wanted[rank] ?? '').length);
    const before = byFolder.get(folder);
    if (before === undefined || rank < before.rank) byFolder.set(folder, { file, rank });
  }
  return [...byFolder.values()].map(({ file }) => file);
}

/** The whole name without extension; else the last part of it in any folder. */
function loraHits(name: string, files: readonly string[]): string[] {
  const stems = files.filter(hasModelExtension).map((file) => ({ file, stem: file.slice(0, file.lastIndexOf('.')) }));
  const exact = stems.filter(({ stem }) => stem === name);
  const found = exact.length > 0 ? exact : stems.filter(({ stem }) => posix.basename(stem) === name);
  return found.map(({ file }) => file);
}
