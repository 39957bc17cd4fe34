import { createHash } from 'node:crypto';
import type { Server } from '../comfyui/server.js';
import { type Difference, difference } from '../lock/drift.js';
import type { Dependencies, Digest } from '../lock/entries.js';
import { findInput, type Place } from './find-input.js';
import { serverFile } from './server-file.js';

export interface VerifiedInputs {
  readonly differences: readonly Difference[];
  /** By key of the lock: the file that has the recorded content, where the server itself does not have it under that name. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

/**
 * Input pictures against what was recorded, as the server has them: one that is gone or was replaced is looked for by its content.
 */
export async function verifyInputs(
  server: Server,
  expected: Dependencies['inputs'],
  places: readonly Place[],
  signal: AbortSignal,
): Promise<VerifiedInputs> {
  const differences: Difference[] = [];
  const elsewhere = new Map<string, string>();
  for (const [key, { digest }] of expected) {
    const there = await digestOnServer(server, key, signal);
    if (digest === 'missing' || there === digest) continue;
    const state = there === undefined ? 'gone' : 'replaced';
    const found = await findInput(key.replace(annotation, ''), digest, places, signal);
    if (found !== undefined) elsewhere.set(key, found.path);
    differences.push(differenceOf(key, state, found?.words));
  }
  return { differences, elsewhere };
}

const annotation = / \[(input|output)\]$/;

async function digestOnServer(server: Server, key: string, signal: AbortSignal): Promise<Digest | undefined> {
  const folder = annotation.exec(key)?.[1] === 'output' ? 'output' : 'input';
  const bytes = await serverFile(server, key.replace(annotation, ''), folder, signal);
  return bytes === undefined ? undefined : `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function differenceOf(key: string, state: 'gone' | 'replaced', found: string | undefined): Difference {
  const was = state === 'gone' ? 'no longer on the server' : 'another file has this name now';
  if (found !== undefined) return difference('input-moved', key, `input ${key}: ${was}, its content is ${found}`);
  const code = state === 'gone' ? 'input-missing' : 'input-changed';
  const hint = `put the file back as ${key} in ComfyUI's input folder`;
  return difference(code, key, `input ${key}: ${was}, and its content was not found`, hint);
}
