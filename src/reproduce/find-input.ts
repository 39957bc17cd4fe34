import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { checkInterrupted } from '../errors.js';
import type { Digest } from '../lock/entries.js';

/** A folder to look in, and what people call it. */
export interface Place {
  readonly folder: string;
  readonly name: string;
}

export interface FoundInput {
  readonly path: string;
  /** Below its place, with `/`. */
  readonly name: string;
  /** `archive/ref-01.png in ComfyUI's input folder`. */
  readonly words: string;
}

/** Where reproductions put what they upload. */
export const ownFolder = 'git-comfy/';

/** A place that holds more is not searched to its end. */
const maxFiles = 20_000;

/**
 * A file with the given content in one of the places: first those that kept the name, then those that kept the extension. What an earlier
 * reproduction uploaded comes last.
 * @throws Interrupted
 */
export async function findInput(
  name: string,
  digest: Digest,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<FoundInput | undefined> {
  for (const place of places) {
    const files: string[] = [];
    await listFiles(place.folder, files);
    const below = (path: string) => relative(place.folder, path).replaceAll('\\', '/');
    const rank = (path: string) =>
      Number(below(path).startsWith(ownFolder)) * 2 + Number(basename(path) !== basename(name));
    const likely = files.filter((path) => extname(path) === extname(name) || basename(path) === basename(name));
    for (const path of likely.sort((a, b) => rank(a) - rank(b))) {
      checkInterrupted(signal);
      if ((await digestOf(path)) === digest)
        return { path, name: below(path), words: `${below(path)} in ${place.name}` };
    }
  }
  return undefined;
}

async function listFiles(folder: string, into: string[]): Promise<void> {
  const entries = await opendir(folder).catch(() => undefined);
  if (entries === undefined) return;
  for await (const entry of entries) {
    if (into.length >= maxFiles) return;
    if (entry.isDirectory() && entry.name !== '.git') await listFiles(join(folder, entry.name), into);
    else if (entry.isFile()) into.push(join(folder, entry.name));
  }
}

async function digestOf(path: string): Promise<Digest | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch {
    return undefined; // it went away or cannot be read: then it is not the file that is looked for
  }
  return `sha256:${hash.digest('hex')}`;
}
