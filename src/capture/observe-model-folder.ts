import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { folderFiles } from '../comfyui/tree-digest.js';
import type { ModelEntry } from '../lock/entries.js';
import type { FileHash, Unhashed } from '../models/file-hash.js';

/** A model that is a whole folder (diffusers), and the files that make it up. */
export interface ModelFolder {
  readonly root: string;
  /** Relative, with `/`, sorted by bytes; `undefined` where there are more than any model has. */
  readonly files: readonly string[] | undefined;
  /** Bytes of all of them. */
  readonly size: number;
}

/** Files are often links into a cache of downloads; what they lead to is the model. */
export async function readModelFolder(root: string): Promise<ModelFolder> {
  const names = await folderFiles(root, Number.POSITIVE_INFINITY);
  if (names === undefined) return { root, files: undefined, size: Number.POSITIVE_INFINITY };
  const kept: string[] = [];
  let size = 0;
  for (const name of names) {
    const info = await stat(join(root, name)).catch(() => undefined);
    if (info?.isFile() !== true) continue;
    kept.push(name);
    size += info.size;
  }
  return { root, files: kept, size };
}

export const pathsOf = ({ root, files = [] }: ModelFolder): string[] => files.map((name) => join(root, name));

/**
 * SHA-256 over lines `100644 <sha256> <path>\n` of all files. While one of them is not hashed, the folder is not.
 * @param hashed by path
 */
export function folderEntry(folder: ModelFolder, hashed: ReadonlyMap<string, FileHash | Unhashed>): ModelEntry {
  if (folder.files === undefined) return { digest: 'unhashed' };
  const whole = createHash('sha256');
  let complete = true;
  for (const name of folder.files) {
    const found = hashed.get(join(folder.root, name));
    if (found === undefined || !('digest' in found)) complete = false;
    else whole.update(`100644 ${found.digest.slice('sha256:'.length)} ${name}\n`);
  }
  const { size } = folder;
  return complete ? { digest: `sha256:${whole.digest('hex')}`, size } : { digest: 'unhashed', size };
}
