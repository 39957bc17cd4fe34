import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../files/atomic.js';
import { readIfThere } from '../files/read.js';
import type { Digest } from '../lock/entries.js';
import type { FileHash, HashedFile } from './file-hash.js';
import { type FileIdentity, isRacy, sameFile } from './file-identity.js';

/** Hashes of files by path and identity, shared by all repositories of a user. Deleting the file costs time, never data. */
export interface HashCache {
  /** What was hashed at this path, if the file is still the same. */
  readonly lookup: (path: string, identity: FileIdentity) => FileHash | undefined;
  /** Written at once, so that Ctrl-C loses no finished file. A file too young to be told from a later write is not kept. */
  readonly remember: (path: string, hashed: HashedFile, now: number) => Promise<void>;
  /** The quick sample of content that was hashed at some time, wherever it was: another sample is other content. */
  readonly sampleOf: (digest: Digest) => string | undefined;
}

interface Line extends FileIdentity {
  readonly path: string;
  readonly digest: Digest;
  readonly tensors?: Digest;
  readonly sample?: string;
}

/** Lines of files that were hashed again are dropped when there are more of them than this, and than lines that count. */
const maxStale = 1000;

/**
 * Opens the cache below a folder, which is made when something is remembered. Processes share it by appending whole lines: a line
 * that was cut short by a crash, or lost to a rewrite at the same moment, only means that one file is hashed again.
 * @param folder `undefined` where there is no folder for caches: then nothing is remembered
 */
export async function openHashCache(folder: string | undefined): Promise<HashCache> {
  if (folder === undefined) return { lookup: () => undefined, remember: async () => {}, sampleOf: () => undefined };
  const file = join(folder, 'model-hashes.jsonl');
  const known = new Map<string, Line>();
  const samples = new Map<Digest, string>();
  const lines = (await readIfThere(file).catch(() => undefined))?.toString('utf8').split('\n') ?? [];
  let count = 0;
  for (const text of lines) {
    const line = readLine(text);
    if (line === undefined) continue;
    count++;
    known.set(line.path, line);
    if (line.sample !== undefined) samples.set(line.digest, line.sample);
  }
  if (count > 2 * known.size && count > known.size + maxStale) await rewrite(file, known).catch(() => undefined);
  return {
    lookup(path, identity) {
      const line = known.get(path);
      if (line === undefined || !sameFile(line, identity)) return undefined;
      return { digest: line.digest, size: line.size, ...(line.tensors === undefined ? {} : { tensors: line.tensors }) };
    },
    async remember(path, { identity, size: _, ...hash }, now) {
      if (isRacy(identity, now)) return;
      const line: Line = { path, ...identity, ...hash };
      known.set(path, line);
      if (line.sample !== undefined) samples.set(line.digest, line.sample);
      await append(file, line);
    },
    sampleOf: (digest) => samples.get(digest),
  };
}

/** The line break comes first too: after a line that a crash cut short, ours is still a line. */
async function append(file: string, line: Line): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await appendFile(file, `\n${JSON.stringify(line)}\n`);
  } catch {
    // A cache that cannot be written (full disk, read-only home) costs time and must not stop the work.
  }
}

const rewrite = (file: string, known: ReadonlyMap<string, Line>) =>
  writeFileAtomic(file, [...known.values()].map((line) => `${JSON.stringify(line)}\n`).join(''));

const texts = ['path', 'mtime', 'ctime', 'inode', 'device', 'digest'] as const;

function readLine(text: string): Line | undefined {
  if (text === '') return undefined;
  try {
    const line: Record<string, unknown> = JSON.parse(text);
    const sound = texts.every((name) => typeof line[name] === 'string') && typeof line['size'] === 'number';
    return sound && /^sha256:[0-9a-f]{64}$/.test(String(line['digest'])) ? (line as unknown as Line) : undefined;
  } catch {
    return undefined;
  }
}
