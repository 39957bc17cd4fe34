import type { CacheLine } from './cache-line.js';
import { type FileHash, smallestSampled, type Unhashed } from './file-hash.js';
import { type FileIdentity, sameFile } from './file-identity.js';
import type { HashCache } from './hash-cache.js';
import type { LocatedFile } from './locate-files.js';
import { hasLooseInodes } from './loose-inodes.js';

export interface Recognising {
  readonly cache: HashCache;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** There is no time to look into files. */
  readonly quickly?: boolean;
  /** Whether a file's inode and device may have changed without the file having. */
  readonly isLoose?: (path: string) => Promise<boolean>;
}

/** What is known of a file without reading it whole. */
export async function recognise(file: LocatedFile, recognising: Recognising): Promise<FileHash | Unhashed | undefined> {
  const { cache } = recognising;
  const same = cache.lookup(file.path, file.identity);
  if (same !== undefined) return hashOf(same);
  if (file.size < smallestSampled || recognising.quickly === true) return undefined;
  return (await recogniseMoved(file, recognising)) ?? (cache.policy.bySample ? alike(file, cache) : undefined);
}

const hashOf = ({ digest, tensors, size }: CacheLine): FileHash => ({
  digest,
  size,
  ...(tensors === undefined ? {} : { tensors }),
});

/**
 * A file of the same path, size and time, mounted anew: its numbers are others. Its head and tail are looked at, which takes milliseconds, and
 * it is remembered under the new numbers.
 */
async function recogniseMoved(
  { path, identity }: LocatedFile,
  { cache, now, isLoose = hasLooseInodes }: Recognising,
): Promise<FileHash | undefined> {
  const line = cache.lookupMoved(path, identity);
  if (line?.sample === undefined || !(onlyDeviceDiffers(line, identity) || (await isLoose(path)))) return undefined;
  const began = now();
  if ((await sampleAt(path)) !== line.sample) return undefined;
  await cache.renumber(line, identity, began);
  return hashOf(line);
}

/** Devices are numbered as they are mounted. */
const onlyDeviceDiffers = (line: FileIdentity, identity: FileIdentity) =>
  sameFile({ ...line, device: identity.device }, identity);

async function alike({ path, size }: LocatedFile, cache: HashCache): Promise<Unhashed | undefined> {
  const sample = await sampleAt(path);
  const digests = sample === undefined ? [] : cache.withSample(sample);
  return digests.length === 0 ? undefined : { size, alike: digests };
}

/** A file that cannot be read is for hashing to tell of. */
async function sampleAt(path: string): Promise<string | undefined> {
  const { quickSample } = await import('./quick-sample.js');
  return quickSample(path).catch(() => undefined);
}
