import type { Dependencies, PackEntry } from './entries.js';
import type { ManagerSnapshot } from './manager-snapshot.js';

/** A pack that is left out, and why. */
export interface LeftOut {
  readonly pack: string;
  readonly why: string;
}

/** Entries of the lock for what a snapshot names, by the folder in which ComfyUI-Manager puts it. */
export function packsOfSnapshot(
  { comfyui, clones, registry, files }: ManagerSnapshot,
  publicAddress: (url: string) => string | undefined,
): { readonly packs: Map<string, PackEntry>; readonly comfyui?: PackEntry; readonly leftOut: readonly LeftOut[] } {
  const packs = new Map<string, PackEntry>();
  const leftOut: LeftOut[] = [];
  for (const { url, commit } of clones) {
    const repository = publicAddress(url);
    const key = folderOf(url);
    if (key === undefined) continue;
    if (commit === undefined) leftOut.push({ pack: key, why: 'ComfyUI-Manager could not tell its commit' });
    else packs.set(key, { ...(repository === undefined ? {} : { repository }), commit });
  }
  for (const [id, version] of registry) if (id !== '') packs.set(id, { registry: `${id}@${version}` });
  for (const file of files.filter((name) => name !== 'websocket_image_save.py')) {
    leftOut.push({ pack: file, why: 'it is a single file, of which the snapshot has no hash' });
  }
  return { packs, leftOut, ...(comfyui === undefined ? {} : { comfyui: { commit: comfyui } }) };
}

/** The last part of an address, as git itself names a clone. */
function folderOf(url: string): string | undefined {
  const name = url
    .replace(/[/\\]+$/, '')
    .replace(/\.git$/, '')
    .split(/[/\\:]/)
    .at(-1);
  return name === undefined || name === '' || name === '.' || name === '..' ? undefined : name;
}

/** What ComfyUI-Manager can restore of a lock or a recorded run, and what it cannot. */
export function snapshotOfPacks({ packs, comfyui }: Dependencies): {
  readonly snapshot: Omit<ManagerSnapshot, 'packages'>;
  readonly leftOut: readonly LeftOut[];
} {
  const clones: { url: string; commit: string }[] = [];
  const registry = new Map<string, string>();
  const leftOut: LeftOut[] = [];
  for (const [pack, entry] of packs) {
    const { repository, commit, registry: id, dirty } = entry;
    const [, name, version] = /^(.+)@([^@]+)$/.exec(id ?? '') ?? [];
    if (repository !== undefined && commit !== undefined) clones.push({ url: repository, commit });
    else if (name !== undefined && version !== undefined) registry.set(name, version);
    else
      leftOut.push({
        pack,
        why: commit === undefined ? 'no commit and no version of it are locked' : 'its repository is not known',
      });
    if (dirty !== undefined) leftOut.push({ pack, why: 'its local edits are not in it' });
  }
  if (comfyui?.dirty !== undefined) leftOut.push({ pack: 'ComfyUI', why: 'its local edits are not in it' });
  const commit = comfyui?.commit === undefined ? {} : { comfyui: comfyui.commit };
  return { snapshot: { ...commit, clones, registry, files: [] }, leftOut };
}
