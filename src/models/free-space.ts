import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface FreeSpace {
  /** The same for all folders of one file system. */
  readonly device: number;
  /** Bytes that this user may still write. */
  readonly free: number;
}

/** The space where a folder is, or will be. */
export async function freeSpace(folder: string): Promise<FreeSpace> {
  for (let at = folder; ; at = dirname(at)) {
    const info = await stat(at).catch(() => undefined);
    if (info === undefined && dirname(at) !== at) continue;
    const { bavail, bsize } = await statfs(at);
    return { device: info?.dev ?? 0, free: bavail * bsize };
  }
}
