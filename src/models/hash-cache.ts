import { join } from 'node:path';
import type { Digest } from '../lock/entries.js';
import { appendLines, loadLines, tidyLines } from './cache-file.js';
import type { CacheLine } from './cache-line.js';
import type { HashedFile } from './file-hash.js';
import { type FileIdentity, isRacy, sameFile } from './file-identity.js';

/** How far the cache is trusted. */
export interface CachePolicy {
  /** Only what was read since then counts; milliseconds since 1970. */
  readonly since?: number;
  /** The size and the sample of content that was read whole somewhere stand for that content. */
  readonly bySample?: true;
}

/** Hashes of files by path and identity, shared by all repositories of a user. Deleting the file costs time, never data. */
export interface HashCache {
  /** Where it is kept, if anywhere. */
  readonly folder: string | undefined;
  readonly policy: CachePolicy;
  /** What was read at this path, if the file is still the same. */
  readonly lookup: (path: string, identity: FileIdentity) => CacheLine | undefined;
  /** What was read at this path, if by size and time of change it may still be the same, and by inode or device it is not. */
  readonly lookupMoved: (path: string, identity: FileIdentity) => CacheLine | undefined;
  /** Written at once, so that Ctrl-C loses no finished file. A file too young to be told from a later write is not kept. */
  readonly remember: (path: string, hashed: HashedFile, now: number) => Promise<void>;
  /** The same reading, under the numbers that the file has now. */
  readonly renumber: (line: CacheLine, identity: FileIdentity, now: number) => Promise<void>;
  /** The quick sample of content that was hashed at some time, wherever it was: another sample is other content. */
  readonly sampleOf: (digest: Digest) => string | undefined;
  /** Contents that have this sample, which holds the size too. */
  readonly withSample: (sample: string) => readonly Digest[];
  /** The same cache, trusted otherwise. */
  readonly trusting: (policy: CachePolicy) => HashCache;
}

/** Lines of files that were hashed again are dropped when there are more of them than this, and than lines that count. */
const maxStale = 1000;

/**
 * Opens the cache below a folder, which is made when something is remembered. Processes share it by appending whole lines: a line that was cut
 * short by a crash only means that one file is hashed again.
 * @param folder `undefined` where there is no folder for caches: then it lasts as long as this process
 */
export async function openHashCache(folder: string | undefined): Promise<HashCache> {
  const file = folder === undefined ? undefined : join(folder, 'model-hashes.jsonl');
  const { byPath, all } =
    file === undefined ? { byPath: new Map<string, CacheLine>(), all: [] } : await loadLines(file);
  const stale = all.length - byPath.size;
  // A cache that cannot be written (full disk, read-only home) costs time and must not stop the work.
  if (file !== undefined && stale > maxStale && stale > byPath.size) await tidyLines(file).catch(() => {});
  const contents = indexContents(all);
  const keep = async (line: CacheLine) => {
    byPath.set(line.path, line);
    contents.add(line);
    if (file !== undefined) await appendLines(file, [line]).catch(() => false);
  };
  const view = (policy: CachePolicy): HashCache => {
    const trusted = (path: string) => {
      const line = byPath.get(path);
      return line !== undefined && (line.read ?? 0) >= (policy.since ?? 0) ? line : undefined;
    };
    return {
      folder,
      policy,
      lookup(path, identity) {
        const line = trusted(path);
        return line !== undefined && sameFile(line, identity) ? line : undefined;
      },
      lookupMoved(path, identity) {
        const line = trusted(path);
        return line?.size === identity.size && line.mtime === identity.mtime ? line : undefined;
      },
      async remember(path, { identity, ...hash }, now) {
        if (isRacy(identity, now)) return;
        const old = byPath.get(path);
        const before = old !== undefined && sameFile(old, identity) ? (old.before ?? old.digest) : undefined;
        const damaged = before === undefined || before === hash.digest ? {} : { before };
        await keep({ path, ...identity, ...hash, read: now, ...damaged });
      },
      async renumber(line, identity, now) {
        if (!isRacy(identity, now)) await keep({ ...line, ...identity });
      },
      sampleOf: contents.sampleOf,
      withSample: contents.withSample,
      trusting: view,
    };
  };
  return view({});
}

/** Samples of contents, and contents by sample. */
function indexContents(lines: Iterable<CacheLine>) {
  const samples = new Map<Digest, string>();
  const digests = new Map<string, Set<Digest>>();
  const add = ({ digest, sample }: CacheLine) => {
    if (sample === undefined) return;
    samples.set(digest, sample);
    digests.set(sample, (digests.get(sample) ?? new Set()).add(digest));
  };
  for (const line of lines) add(line);
  return {
    add,
    sampleOf: (digest: Digest) => samples.get(digest),
    withSample: (sample: string) => [...(digests.get(sample) ?? [])],
  };
}
