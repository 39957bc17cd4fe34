import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic.js';
import { readIfThere } from '../files/read.js';
import { git } from '../git/exec.js';
import type { Repository } from '../git/repository.js';

/**
 * Checks unmodified files out again, through the smudge filter, which gives them the layout that is known by now. Where that fails
 * they are as before.
 * @param paths relative to the top
 * @throws GitError `git-failed`
 */
export async function dress(repository: Repository, paths: readonly string[]): Promise<void> {
  const before = new Map<string, Buffer>();
  for (const path of paths) {
    const full = join(repository.top, path);
    before.set(full, await readFile(full));
    // git leaves a file alone whose times fit the index.
    await utimes(full, 1, 1);
  }
  const input = paths.map((path) => `${path}\0`).join('');
  try {
    await git(repository.top, ['checkout-index', '--force', '--index', '-z', '--stdin'], { input });
  } catch (error) {
    for (const [path, bytes] of before) if ((await readIfThere(path)) === undefined) await writeFileAtomic(path, bytes);
    throw error;
  }
}
