import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { JournalOutput } from '../comfyui/journal-line.js';
import { InputError } from '../errors.js';
import { type FoundFile, newestFiles } from '../files/newest-files.js';
import { readBounded } from '../files/read.js';
import { maxOutputBytes } from '../image/describe-output.js';

/** Finds the bytes of an output by its hash. */
export type FindOutputBytes = (output: JournalOutput) => Promise<Buffer | undefined>;

const everything = { entries: 1_000_000, depth: 16 };

/**
 * Looks for outputs in ComfyUI's output folder: where the journal says that one was, else under any name, by its content. Links that lead out of the
 * folder are not followed.
 */
export function outputFinder(folder: string | undefined): FindOutputBytes {
  if (folder === undefined) return async () => undefined;
  let all: Promise<FoundFile[]> | undefined;
  return async ({ name, sha256, size }) => {
    if (sha256 === undefined) return undefined;
    const there = await bytesOf(folder, name, sha256);
    if (there !== undefined) return there;
    // Renamed or moved: only files of its size are read.
    all ??= newestFiles(folder, () => true, Number.POSITIVE_INFINITY, everything);
    for (const file of await all) {
      const bytes = file.size === size ? await bytesOf(folder, file.path, sha256) : undefined;
      if (bytes !== undefined) return bytes;
    }
    return undefined;
  };
}

async function bytesOf(folder: string, name: string, sha256: string): Promise<Buffer | undefined> {
  const [top, path] = await Promise.all([folder, join(folder, name)].map((at) => realpath(at).catch(() => undefined)));
  if (top === undefined || path?.startsWith(top + sep) !== true) return undefined;
  try {
    const bytes = await readBounded(path, maxOutputBytes);
    return createHash('sha256').update(bytes).digest('hex') === sha256 ? bytes : undefined;
  } catch (error) {
    // Deleted meanwhile, a folder, or too large to be a picture.
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
