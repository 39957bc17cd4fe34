import { basename, join } from 'node:path';
import { writeFileAtomic } from '../files/atomic.js';
import type { Compared } from './reproduce-options.js';

/**
 * Writes what a run made into a folder of its own below `folder`, named by the record that it re-creates and the run.
 * @returns the paths
 */
export async function saveMade(folder: string, { original, made, reproduction }: Compared): Promise<string[]> {
  const run = `${original.id.slice(0, 10)}-${(reproduction.recorded ?? '').slice(0, 6)}`;
  const paths: string[] = [];
  for (const { name, node, index, bytes } of made) {
    const plain = join(folder, run, basename(name));
    // Two nodes may save under one name in two folders.
    const path = paths.includes(plain)
      ? join(folder, run, `${node.replace(/\W/g, '-')}-${index}-${basename(name)}`)
      : plain;
    await writeFileAtomic(path, bytes);
    paths.push(path);
  }
  return paths;
}
