import type { BigIntStats } from 'node:fs';

/** What tells, without reading it, that a file is still the one that was hashed. Times in nanoseconds as decimal text. */
export interface FileIdentity {
  readonly size: number;
  readonly mtime: string;
  readonly ctime: string;
  readonly inode: string;
  readonly device: string;
}

export const identityOf = (info: BigIntStats): FileIdentity => ({
  size: Number(info.size),
  mtime: String(info.mtimeNs),
  ctime: String(info.ctimeNs),
  inode: String(info.ino),
  device: String(info.dev),
});

export const sameFile = (a: FileIdentity, b: FileIdentity) =>
  a.size === b.size && a.mtime === b.mtime && a.ctime === b.ctime && a.inode === b.inode && a.device === b.device;

/**
 * Whether a write right after `now` could leave the identity as it is, because the file system's clock had not moved on.
 * Every write sets ctime, so ctime alone decides. File systems with whole seconds (FAT has two) get a wider berth.
 * @param now milliseconds since 1970
 */
export function isRacy(identity: FileIdentity, now: number): boolean {
  const changed = BigInt(identity.ctime);
  const coarse = changed % 1_000_000_000n === 0n;
  return now - Number(changed / 1_000_000n) < (coarse ? 2_100 : 100);
}
