import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { lineageAbout } from '../capture/lineage-about.js';
import { checkInterrupted, InputError } from '../errors.js';
import { newestFiles } from '../files/newest-files.js';
import { readBounded } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { readEmbedded } from '../image/embedded.js';
import { isOutputName } from '../image/output-names.js';
import type { Looking } from './looking.js';

/** Outputs that ComfyUI wrote and that lineage does not know. */
export interface UnrecordedOutputs {
  /** ComfyUI's output folder. */
  readonly folder: string;
  /** How many of the newest files were looked at. */
  readonly looked: number;
  /** Relative to the folder, newest first. */
  readonly unrecorded: readonly string[];
}

const mostFiles = 100;
/** Bytes: a picture of this size is read and hashed in well under a second. */
const mostBytes = 64 * 1024 * 1024;
/** Of all files together: of long videos fewer are looked at. */
const mostRead = 512 * 1024 * 1024;

/** Looks at the newest outputs that say how they were made; they are known by the hash of the file. */
export async function unrecordedOutputs(
  repository: Repository,
  { around, signal }: Looking,
): Promise<UnrecordedOutputs | undefined> {
  const folder = around.installation?.output;
  if (folder === undefined) return undefined;
  const files = await newestFiles(folder, isOutputName, mostFiles);
  let read = 0;
  let looked = 0;
  const hashes = new Map<string, string>();
  for (const { path, size } of files) {
    checkInterrupted(signal);
    if (size > mostBytes) continue;
    read += size;
    if (read > mostRead) break;
    looked++;
    const bytes = await readBounded(join(folder, path), mostBytes);
    if (saysHow(bytes)) hashes.set(path, createHash('sha256').update(bytes).digest('hex'));
  }
  const { records } = await lineageAbout(repository, { files: [...hashes.values()] });
  const known = new Set(records.flatMap(({ record }) => record.outputs.map(({ sha256 }) => sha256)));
  const unrecorded = [...hashes].flatMap(([path, hash]) => (known.has(hash) ? [] : [path]));
  return { folder, looked, unrecorded };
}

function saysHow(bytes: Uint8Array): boolean {
  try {
    const { prompt, workflow, parameters } = readEmbedded(bytes);
    return [prompt, workflow, parameters].some((text) => text !== undefined);
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
