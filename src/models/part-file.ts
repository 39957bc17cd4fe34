import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../errors.js';
import { isAlive, ownerName } from '../files/alive.js';
import { isMissing } from '../files/read.js';
import type { Digest } from '../lock/entries.js';

// A download grows in `git-comfy-<digest>.<owner>.part` beside where the model will be; with nobody at it, it is called
// `git-comfy-<digest>.part`. Renaming is how it is taken and given back, so that two programs never write to one file.

const partName = /^git-comfy-[0-9a-f]{24}(?:\.([0-9a-f]{8}-\d+))?\.part$/;

/** Whether a name is that of a download. It is no model, also where all of it is there: its name goes away. */
export const isPart = (name: string): boolean => partName.test(name);

const stemOf = (digest: Digest) => `git-comfy-${digest.slice('sha256:'.length, 'sha256:'.length + 24)}`;

/** Bytes that are there already of a file that is still to come. */
export async function partSize(folder: string, digest: Digest): Promise<number> {
  const found = await partsOf(folder, digest);
  const sizes = await Promise.all(
    found.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.size),
  );
  return Math.max(0, ...sizes.map((size) => size ?? 0));
}

/**
 * Takes what an earlier download left, or a name for a new one; the file need not be there.
 * @throws InputError `being-fetched`
 */
export async function claimPart(folder: string, digest: Digest): Promise<string> {
  const own = join(folder, `${stemOf(digest)}.${ownerName}.part`);
  for (const name of await partsOf(folder, digest)) {
    const path = join(folder, name);
    const owner = partName.exec(name)?.[1];
    if (path === own) return own;
    if (owner !== undefined && isAlive(owner)) throw beingFetched(path);
    if (await taken(path, own)) return own;
  }
  return own;
}

/** Gives a download back, for whoever goes on with it. */
export async function releasePart(own: string, digest: Digest): Promise<void> {
  const info = await stat(own).catch(() => undefined);
  if (info === undefined) return;
  if (info.size === 0) await rm(own, { force: true });
  else await rename(own, join(dirname(own), `${stemOf(digest)}.part`));
}

/**
 * A program that was killed after a download got its name, and before the other name was taken away, left a second name of the model. To be
 * called before this process claims a part: one with its number was left by somebody who had that before.
 */
export async function removeNamedParts(folder: string): Promise<void> {
  for (const name of (await readdir(folder).catch(() => [] as string[])).filter(isPart)) {
    const owner = partName.exec(name)?.[1];
    if (owner !== undefined && owner !== ownerName && isAlive(owner)) continue;
    const path = join(folder, name);
    if (((await stat(path).catch(() => undefined))?.nlink ?? 1) > 1) await rm(path, { force: true });
  }
}

async function partsOf(folder: string, digest: Digest): Promise<string[]> {
  const stem = `${stemOf(digest)}.`;
  const names = await readdir(folder).catch(() => [] as string[]);
  // The one that nobody is at comes first.
  return names.filter((name) => name.startsWith(stem) && isPart(name)).sort((a, b) => a.length - b.length);
}

async function taken(path: string, own: string): Promise<boolean> {
  try {
    await mkdir(dirname(own), { recursive: true });
    await rename(path, own);
    return true;
  } catch (error) {
    if (isMissing(error)) return false; // somebody else was faster
    throw error;
  }
}

const beingFetched = (path: string) =>
  new InputError('being-fetched', `another git comfy is fetching this model (${path})`, {
    hint: 'wait for it; if there is none, remove that file',
  });
