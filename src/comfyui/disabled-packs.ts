import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Installation } from './installation.js';
import type { PackPlace } from './packs.js';

/**
 * Packs that are there and that ComfyUI does not load, by the name that they would have: `Foo.disabled`, `foo.py.disabled`, and what ComfyUI-Manager moves
 * to `.disabled/<id>@<version>`.
 */
export async function disabledPacks({
  customNodes,
}: Pick<Installation, 'customNodes'>): Promise<Map<string, PackPlace>> {
  const packs = new Map<string, PackPlace>();
  const add = async (folder: string, entry: string, name: string) => {
    const path = join(folder, entry);
    const info = await stat(path).catch(() => undefined);
    if (name === '' || packs.has(name) || info === undefined) return;
    if (info.isDirectory()) packs.set(name, { name, path, file: false });
    else if (info.isFile() && name.endsWith('.py')) packs.set(basename(name, '.py'), { name, path, file: true });
  };
  for (const root of customNodes) {
    for (const entry of (await readdir(root).catch(() => [])).sort()) {
      if (entry !== '.disabled' && entry.endsWith('.disabled'))
        await add(root, entry, entry.slice(0, -'.disabled'.length));
    }
    const moved = join(root, '.disabled');
    for (const entry of (await readdir(moved).catch(() => [])).sort())
      await add(moved, entry, entry.replace(/@[^@]*$/, ''));
  }
  return packs;
}
