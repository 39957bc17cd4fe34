import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readIfFile } from '../files/read.js';
import type { Digest, PackEntry } from '../lock/entries.js';
import type { Installation } from './installation.js';
import { projectOf } from './pyproject.js';
import { folderFiles, listedFiles, treeDigest } from './tree-digest.js';

/** What can be read of a pack's git repository without running anything of it; `git/foreign.ts` is the reader. */
export interface ForeignFacts {
  readonly commit?: string;
  /** Without credentials; absent where it is a path of this machine. */
  readonly remote?: string;
  readonly branch?: string;
  readonly dirty?: Digest;
  readonly notCaptured?: string;
}

export type ReadForeign = (path: string) => Promise<ForeignFacts>;

/** A pack as ComfyUI would load it. */
export interface PackPlace {
  /** Folder name, or the file name without `.py`: what stands after `custom_nodes.` in a class's module. */
  readonly name: string;
  readonly path: string;
  readonly file: boolean;
}

/**
 * The packs that ComfyUI would load, by name: folders and single files, no `.disabled` ones, the first root that has a name.
 * `websocket_image_save.py` ships with ComfyUI itself and is no pack.
 */
export async function listPacks(installation: Pick<Installation, 'customNodes'>): Promise<Map<string, PackPlace>> {
  const packs = new Map<string, PackPlace>();
  for (const root of installation.customNodes) {
    const names = await readdir(root).catch(() => [] as string[]);
    for (const entry of names.sort()) {
      const place = await placeOf(root, entry);
      if (place !== undefined && !packs.has(place.name)) packs.set(place.name, place);
    }
  }
  return packs;
}

async function placeOf(root: string, entry: string): Promise<PackPlace | undefined> {
  if (entry === '__pycache__' || entry.endsWith('.disabled') || entry === 'websocket_image_save.py') return undefined;
  const path = join(root, entry);
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory() === true) return { name: entry, path, file: false };
  return info?.isFile() === true && entry.endsWith('.py')
    ? { name: basename(entry, '.py'), path, file: true }
    : undefined;
}

/**
 * Where a pack comes from and in which state it is: commit and edits for a clone, registry id and a digest of its files for one that
 * was unzipped, the file's digest for a single file.
 */
export async function describePack(place: PackPlace, readForeign: ReadForeign): Promise<PackEntry> {
  if (place.file) return { tree: await treeDigest(place.path, undefined) };
  const isClone = (await stat(join(place.path, '.git')).catch(() => undefined)) !== undefined;
  if (isClone) return entryOfClone(await readForeign(place.path));
  const project = projectOf(await readSmall(join(place.path, 'pyproject.toml')));
  const tracking = await readSmall(join(place.path, '.tracking'));
  const files = tracking === undefined ? await folderFiles(place.path) : listedFiles(tracking.toString('utf8'));
  if (files === undefined) return { notCaptured: 'it has no git repository, and too many files to hash' };
  const id = project?.name === undefined ? undefined : `${project.name}@${project.version ?? 'unknown'}`;
  return {
    ...(project?.repository === undefined ? {} : { repository: project.repository }),
    tree: await treeDigest(place.path, files),
    ...(tracking === undefined || id === undefined ? {} : { registry: id }),
  };
}

/** Lists and descriptions of a pack. */
export const readSmall = (path: string): Promise<Buffer | undefined> => readIfFile(path, 16 * 1024 * 1024);

function entryOfClone(facts: ForeignFacts): PackEntry {
  return {
    ...(facts.remote === undefined ? {} : { repository: facts.remote }),
    ...(facts.branch === undefined ? {} : { branch: facts.branch }),
    ...(facts.commit === undefined ? {} : { commit: facts.commit }),
    ...(facts.dirty === undefined ? {} : { dirty: facts.dirty }),
    ...(facts.notCaptured === undefined ? {} : { notCaptured: facts.notCaptured }),
  };
}

/** ComfyUI itself: its commit where it is a clone, and its version from its own files. */
export async function describeComfyui(root: string, readForeign: ReadForeign): Promise<PackEntry> {
  const isClone = (await stat(join(root, '.git')).catch(() => undefined)) !== undefined;
  const version = await versionOf(root);
  return {
    ...(isClone ? entryOfClone(await readForeign(root)) : {}),
    ...(version === undefined ? {} : { version }),
  };
}

async function versionOf(root: string): Promise<string | undefined> {
  const text = (await readSmall(join(root, 'comfyui_version.py')))?.toString('utf8') ?? '';
  const said = /^__version__\s*=\s*["']([\w.+-]{1,40})["']/m.exec(text)?.[1];
  return said ?? projectOf(await readSmall(join(root, 'pyproject.toml')))?.version;
}
