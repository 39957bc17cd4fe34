import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { InputError } from '../errors.js';
import { type HashedFile, type Reading, smallestSampled } from './file-hash.js';
import { identityOf, sameFile } from './file-identity.js';
import { type HashContent, hashAhead } from './hash-content.js';
import { tensorOffset } from './safetensors-header.js';

export interface HashOptions extends Reading {
  /** How it is read; for a file that is alone without it. */
  readonly hashContent?: HashContent;
}

/**
 * Reads a file once, from one end to the other.
 * @throws InputError `not-a-file`, `file-changed` when somebody wrote to it or put another in its place meanwhile; Interrupted
 */
export async function hashFile(path: string, options: HashOptions): Promise<HashedFile> {
  const file = await openToRead(path);
  try {
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) throw new InputError('not-a-file', `${path} is not a file`);
    const identity = identityOf(before);
    const tensorStart = await tensorOffset(file, path, identity.size);
    const hashed = await (options.hashContent ?? hashAhead())(file, { size: identity.size, tensorStart }, options);
    const sample = await sampleOfLarge(file, hashed.size);
    // Asked by its name: what was read may have been renamed away, with another file in its place.
    const after = await stat(path, { bigint: true }).catch(() => undefined);
    if (hashed.size !== identity.size || after === undefined || !sameFile(identity, identityOf(after))) {
      throw new InputError('file-changed', `${path} changed while it was read`, {
        hint: 'try again when it is complete',
      });
    }
    return { ...hashed, ...(sample === undefined ? {} : { sample }), identity };
  } finally {
    await file.close();
  }
}

/** A pipe is opened without waiting for somebody to write to it. */
const openToRead = (path: string) => open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));

async function sampleOfLarge(file: FileHandle, size: number): Promise<string | undefined> {
  return size < smallestSampled ? undefined : (await import('./quick-sample.js')).sampleOf(file, size);
}
