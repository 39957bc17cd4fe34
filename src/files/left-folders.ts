import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './alive.js';

/**
 * Takes away folders that processes which were killed have left: those named `<prefix><owner>.<letters and digits>` whose owner (`ownerName`) is gone.
 * What cannot be taken away stays.
 */
export async function removeLeftFolders(home: string, prefix: string): Promise<void> {
  for (const name of await readdir(home).catch(() => [] as string[])) {
    if (!name.startsWith(prefix)) continue;
    const owner = /^([0-9a-f]{8}-\d+)\.\w+$/.exec(name.slice(prefix.length))?.[1];
    if (owner === undefined || isAlive(owner)) continue;
    await rm(join(home, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}
