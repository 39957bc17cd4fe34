import { createHash } from 'node:crypto';
import { type Difference, difference } from '../lock/drift.js';
import type { Dependencies, Digest } from '../lock/entries.js';
import { findInput, type Place } from './find-input.js';
import { annotation, inputDifference } from './input-difference.js';

export interface InputElsewhere {
  readonly path: string;
  readonly digest: Digest;
  /** Under this name the server has it in its input folder. */
  readonly served?: string;
}

export interface VerifiedInputs {
  readonly differences: readonly Difference[];
  /** By key of the lock: where the recorded content is, where the server itself does not have it under that name. */
  readonly elsewhere: ReadonlyMap<string, InputElsewhere>;
}

/** A file in one of ComfyUI's folders, by its name below it. */
export type ReadInput = (name: string, folder: 'input' | 'output') => Promise<Buffer | undefined>;

/**
 * Input pictures against what was recorded, as the server has them: one that is gone or was replaced is looked for by its content.
 */
export async function verifyInputs(
  read: ReadInput,
  expected: Dependencies['inputs'],
  places: readonly Place[],
  signal: AbortSignal,
): Promise<VerifiedInputs> {
  const differences: Difference[] = [];
  const elsewhere = new Map<string, InputElsewhere>();
  for (const [key, { digest }] of expected) {
    if (digest === 'unhashed') differences.push(difference('input-unchecked', key, `input ${key}: never hashed`));
    if (digest === 'missing' || digest === 'unhashed') continue;
    const there = await digestOnServer(read, key);
    if (there === digest) continue;
    const state = there === undefined ? 'gone' : 'replaced';
    const found = await findInput(key.replace(annotation, ''), digest, places, signal);
    if (found !== undefined) {
      const served = (await digestOnServer(read, found.name)) === digest;
      elsewhere.set(key, { path: found.path, digest, ...(served ? { served: found.name } : {}) });
    }
    differences.push(inputDifference(key, state, found?.words));
  }
  return { differences, elsewhere };
}

async function digestOnServer(read: ReadInput, key: string): Promise<Digest | undefined> {
  const folder = annotation.exec(key)?.[1] === 'output' ? 'output' : 'input';
  const bytes = await read(key.replace(annotation, ''), folder);
  return bytes === undefined ? undefined : `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
