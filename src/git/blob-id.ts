import { createHash } from 'node:crypto';
import type { FilterPlace } from './filter-place.js';

/** The id that git gives a blob of these bytes. */
export const blobIdIn = (format: FilterPlace['objectFormat'], bytes: Uint8Array): string =>
  createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
