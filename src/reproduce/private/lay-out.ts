import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import type { Installation } from '../../comfyui/installation.js';
import { ownerName } from '../../files/alive.js';
import { removeLeftFolders } from '../../files/left-folders.js';
import { comfyPath, type Repository } from '../../git/repository.js';
import type { Dependencies } from '../../lock/entries.js';
import { findInput } from '../find-input.js';
import { modelPathsYaml } from './model-paths.js';

/** Folders that ComfyUI writes into; all of them are ours. */
const folders = ['custom_nodes', 'models', 'input', 'output', 'temp', 'user', 'front'];

/** A new base folder for a private ComfyUI, in the git directory; what programs that were killed left there is taken away. */
export async function makeBase(repository: Repository): Promise<string> {
  const home = comfyPath(repository, 'private');
  await removeLeftFolders(home, '');
  const base = join(home, `${ownerName}.${randomBytes(4).toString('hex')}`);
  for (const folder of folders) await mkdir(join(base, folder), { recursive: true });
  return base;
}

/** Where `base` leads its server for models, and the page that it would hand out: nobody looks at it. */
export async function writeSettings(base: string, installation: Installation): Promise<void> {
  await writeFile(join(base, 'extra_model_paths.yaml'), modelPathsYaml(installation));
  await writeFile(join(base, 'front', 'index.html'), '<!doctype html><title>git comfy reproduce</title>');
}

/** Copies packs: their code may write into its own folder, and what was checked out has to stay as it is. */
export async function layPacks(base: string, packs: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, from] of packs) {
    const isFile = from.endsWith('.py') && !name.endsWith('.py');
    const to = join(base, 'custom_nodes', isFile ? basename(from) : name);
    const filter = (path: string) => basename(path) !== '__pycache__';
    await cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE, filter });
  }
}

/** Inputs that the user's ComfyUI still has under their name; the others are looked for when they are verified. */
export async function layInputs(
  base: string,
  inputs: Dependencies['inputs'],
  { input }: Installation,
  signal: AbortSignal,
): Promise<void> {
  for (const [name, { digest }] of inputs) {
    const inside = normalize(name) === normalize(`./${name}`) && !normalize(name).startsWith('..');
    if (digest === 'missing' || digest === 'unhashed' || !inside || / \[\w+\]$/.test(name)) continue;
    const found = await findInput(name, digest, [{ folder: join(input, dirname(name)), name: 'input' }], signal);
    if (found?.name !== basename(name)) continue;
    await mkdir(dirname(join(base, 'input', name)), { recursive: true });
    await copyFile(found.path, join(base, 'input', name), constants.COPYFILE_FICLONE);
  }
}
