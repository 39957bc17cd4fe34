import type { ModelEntry } from './entries.js';

/** The names by which Civitai knows a file. */
export interface CivitaiHashes {
  /** First 10 digits of the file's SHA-256. */
  readonly AutoV2: string;
  /** First 12 digits of the SHA-256 of what follows a safetensors header. */
  readonly AutoV3?: string;
}

/**
 * Derives what a search on Civitai takes, in its spelling; `undefined` for a file that was not hashed.
 * Source: the `hashes` of a file in Civitai's API (`/api/v1/model-versions/by-hash/:hash`).
 */
export function civitaiHashes({ digest, tensors }: ModelEntry): CivitaiHashes | undefined {
  if (!digest.startsWith('sha256:')) return undefined;
  const first = (text: string, digits: number) => text.slice('sha256:'.length, 'sha256:'.length + digits).toUpperCase();
  return { AutoV2: first(digest, 10), ...(tensors === undefined ? {} : { AutoV3: first(tensors, 12) }) };
}
