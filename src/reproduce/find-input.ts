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
  /** `archive/ref-01.png in ComfyUI's input folder`. */
  readonly words: string;
}

/** A place that holds more is not searched to its end. */
const maxFiles = 20_000;

/**
 * A file with the given content in one of the places: first those that kept the name, then those that kept the extension.
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
    const named = files.filter((path) => basename(path) === basename(name));
    const others = files.filter((path) => basename(path) !== basename(name) && extname(path) === extname(name));
    for (const path of [...named, ...others]) {
      checkInterrupted(signal);
      if ((await digestOf(path)) !== digest) continue;
      return { path, words: `${relative(place.folder, path).replaceAll('\\', '/')} in ${place.name}` };
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
