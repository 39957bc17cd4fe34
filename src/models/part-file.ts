import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../errors.js';
import { isMissing } from '../files/read.js';
import type { Digest } from '../lock/entries.js';
import { freePartName, isAtWork, isPart, ownPartName, stemOf } from './part-name.js';

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
  const own = join(folder, ownPartName(digest));
  for (const name of await partsOf(folder, digest)) {
    const path = join(folder, name);
    if (isAtWork(name)) throw beingFetched(path);
    if (path === own || (await taken(path, own))) return own;
  }
  return own;
}

/** Gives a download back, for whoever goes on with it. */
export async function releasePart(own: string, digest: Digest): Promise<void> {
  const info = await stat(own).catch(() => undefined);
  if (info === undefined) return;
  if (info.size === 0) await rm(own, { force: true });
  else await rename(own, join(dirname(own), freePartName(digest)));
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
