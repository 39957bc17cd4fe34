import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { GitError } from '../errors.js';
import type { Repository } from './repository.js';

/** What a filter needs to know of its repository. */
export type FilterPlace = Pick<Repository, 'top' | 'commonDir' | 'objectFormat'>;

const run = promisify(execFile);

/**
 * As `openRepository`, without execa: a filter starts with every checkout of a single file. Git runs filters at the top of the
 * work tree, or in the git directory of a bare repository.
 * @throws GitError `no-repository`
 */
export async function filterPlace(cwd: string): Promise<FilterPlace> {
  try {
    const asked = ['rev-parse', '--show-object-format', '--git-common-dir'];
    const { stdout } = await run('git', asked, { cwd, encoding: 'utf8' });
    const [format, ...common] = stdout.replace(/\n$/, '').split('\n');
    const objectFormat = format === 'sha256' ? 'sha256' : 'sha1';
    return { top: cwd, commonDir: resolve(cwd, common.join('\n')), objectFormat };
  } catch (cause) {
    throw new GitError('no-repository', 'this folder is in no git repository', { cause });
  }
}

/** Tips of our own store and of those fetched from remotes, as commit ids; empty where there is none. */
export async function storeTips(place: FilterPlace): Promise<string[]> {
  const asked = ['for-each-ref', '--format=%(objectname)', 'refs/comfy/store', 'refs/comfy/remotes'];
  const { stdout } = await run('git', asked, { cwd: place.top, encoding: 'utf8' });
  return stdout.split('\n').filter((id) => id !== '');
}

/** Names of all files below a folder of a commit's tree; empty where there is no such folder. */
export async function filesBelow(place: FilterPlace, commit: string, folder: string): Promise<string[]> {
  const asked = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, '--', `${folder}/`];
  const { stdout } = await run('git', asked, { cwd: place.top, encoding: 'utf8', maxBuffer: 1024 ** 3 });
  return stdout.split('\0').filter((name) => name !== '');
}
