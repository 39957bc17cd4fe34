import { copyFile, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMissing } from '../files/read.js';
import { git } from './exec.js';
import { headCommit, type Repository } from './repository.js';

/** Environment that lets git use an index of its own. */
export interface OtherIndex {
  readonly GIT_INDEX_FILE: string;
  readonly [name: string]: string;
}

/** Which files go into the index that is looked at, besides those it has. */
export type Adding = { readonly all: true } | { readonly paths: readonly string[]; readonly fromHead: boolean };

/**
 * Makes the index that `git commit -a`, `git commit -i <paths>` or `git commit <paths>` would commit, as a file of its own, and lends it. The
 * repository's own index is not touched.
 * @param cwd pathspecs are relative to it
 */
export async function withCommitIndex<Result>(
  repository: Repository,
  cwd: string,
  adding: Adding,
  use: (env: OtherIndex) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'git-comfy-'));
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    if ('all' in adding) {
      await copyIndex(repository, env.GIT_INDEX_FILE);
      await git(repository.top, ['add', '--update'], { env });
    } else {
      // Asked of the real index: only that knows which new files are staged.
      const known = await git(cwd, ['ls-files', '-z', '--full-name', '--', ...adding.paths]);
      if (!adding.fromHead) await copyIndex(repository, env.GIT_INDEX_FILE);
      else if ((await headCommit(repository)) !== undefined) await git(repository.top, ['read-tree', 'HEAD'], { env });
      await git(repository.top, ['update-index', '--add', '--remove', '-z', '--stdin'], { env, input: known });
    }
    return await use(env);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A file that was changed in the same moment in which the index was written is told from an unchanged one only by the time of the index
 * file itself (git's "racy" entries), so the copy keeps that time, rounded down. A repository in which nothing was ever staged has no index.
 */
async function copyIndex(repository: Repository, target: string): Promise<void> {
  const source = join(repository.gitDir, 'index');
  try {
    const { mtimeMs } = await stat(source);
    await copyFile(source, target);
    const time = Math.floor(mtimeMs) / 1000;
    await utimes(target, time, time);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
