import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './read.js';

export interface FoundFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** How much of a folder is looked at: an output folder may hold years of pictures. */
export interface Bounds {
  readonly entries: number;
  readonly depth: number;
}

/**
 * The files below a folder that were written last, newest first. Links are not followed.
 * @param wanted says by name whether a file counts
 */
export async function newestFiles(
  folder: string,
  wanted: (name: string) => boolean,
  count: number,
  bounds: Bounds = { entries: 50_000, depth: 4 },
): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  let left = bounds.entries;
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const entry of entries) {
      if (left-- <= 0) return;
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && depth > 1) await walk(path, depth - 1);
      if (!entry.isFile() || !wanted(entry.name)) continue;
      const { size, mtimeMs } = await stat(join(folder, path));
      found.push({ path, size, modified: mtimeMs });
    }
  };
  await walk('', bounds.depth);
  return found.sort((a, b) => b.modified - a.modified).slice(0, count);
}
