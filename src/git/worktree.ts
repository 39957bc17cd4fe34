import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isAlive, ownerName } from '../files/alive.js';
import { git, runGit, withoutFilter } from './exec.js';
import type { Repository } from './repository.js';

/**
 * Checks a commit out into a temporary work tree, detached, and gives its path to `use`. Files are as the commit has them
 * (normal forms: our filter does not run), no hook runs, and the user's work tree, index and branch do not move. The tree
 * is gone afterwards, also after an error or Ctrl-C.
 * @throws GitError `git-failed` when the commit cannot be checked out; Interrupted; what `use` throws
 */
export async function withTemporaryWorktree<T>(
  repository: Repository,
  commit: string,
  use: (path: string) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `git-comfy-${ownerName}.`)));
  const path = join(folder, 'tree');
  const options = signal === undefined ? {} : { signal };
  try {
    await git(repository.top, [...quiet, 'worktree', 'add', '--detach', '--', path, commit], options);
    return await use(path);
  } finally {
    // Without the signal: taking away has to work after Ctrl-C too.
    const removal = [...quiet, 'worktree', 'remove', '--force', '--force', '--', path];
    const { code } = await runGit(repository.top, removal);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    // Only where it has to be: it could take away the one that somebody else is just adding.
    if (code !== 0) await runGit(repository.top, ['worktree', 'prune']);
  }
}

const quiet = [...withoutFilter, '-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'];

/** Temporary work trees that killed processes have left, by their paths. */
export async function leftWorktrees({ commonDir }: Repository): Promise<string[]> {
  const home = join(commonDir, 'worktrees');
  const left: string[] = [];
  for (const name of await readdir(home).catch(() => [] as string[])) {
    const path = await readFile(join(home, name, 'gitdir'), 'utf8').catch(() => '');
    const owner = /[/\\]git-comfy-([0-9a-f]{8}-\d+)\.\w+[/\\]tree[/\\]\.git\s*$/.exec(path)?.[1];
    if (owner !== undefined && !isAlive(owner)) left.push(dirname(path.trim()));
  }
  return left;
}

/** Takes them away, and what git knows of them. */
export async function removeWorktrees(repository: Repository, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  for (const path of paths) await rm(dirname(path), { recursive: true, force: true, maxRetries: 3 });
  await runGit(repository.commonDir, ['worktree', 'prune']);
}
