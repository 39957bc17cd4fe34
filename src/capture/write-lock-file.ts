import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic.js';
import { removeTemporariesOf } from '../files/temporary.js';
import type { Repository } from '../git/repository.js';
import { lockPath } from '../lock/lockfile.js';

/** Writes the lock of the work tree. What was killed while it did so has left a file that `git add .` would take. */
export async function writeLockFile(repository: Repository, text: string | Uint8Array): Promise<void> {
  const path = join(repository.top, lockPath);
  await writeFileAtomic(path, text);
  await removeTemporariesOf(path);
}
