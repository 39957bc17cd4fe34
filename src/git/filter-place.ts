import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GitError } from '../errors.js';
import type { Repository } from './repository.js';

/** What a filter needs to know of its repository. */
export type FilterPlace = Pick<Repository, 'top' | 'commonDir' | 'objectFormat'>;

/** What git prints. Most filters need not ask it, and what starts it is loaded when they do. */
async function ask(cwd: string, words: readonly string[]): Promise<string> {
  const { execFile } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const options = { cwd, encoding: 'utf8', maxBuffer: 1024 ** 3 } as const;
    execFile('git', words, options, (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
  });
}

/**
 * As `openRepository`, without execa: a filter starts with every checkout of a single file. Git runs filters at the top of the
 * work tree, or in the git directory of a bare repository.
 * @throws GitError `no-repository`
 */
export async function filterPlace(cwd: string): Promise<FilterPlace> {
  try {
    const asked = ['rev-parse', '--show-object-format', '--git-common-dir'];
    const stdout = await ask(cwd, asked);
    const [format, ...common] = stdout.replace(/\n$/, '').split('\n');
    const objectFormat = format === 'sha256' ? 'sha256' : 'sha1';
    return { top: cwd, commonDir: resolve(cwd, common.join('\n')), objectFormat };
  } catch (cause) {
    throw new GitError('no-repository', 'this folder is in no git repository', { cause });
  }
}

/**
 * As `filterPlace`, where a look is enough: the usual repository at the top of its work tree. `undefined` where git has to be asked, which
 * costs as much as twenty workflows. Nothing in the environment may say where the repository is.
 */
export function usualPlace(top: string): FilterPlace | undefined {
  const commonDir = join(top, '.git');
  try {
    const isUsual = existsSync(join(commonDir, 'HEAD')) && existsSync(join(commonDir, 'objects'));
    // `extensions.objectFormat` counts in this file alone, see git-config(1).
    const saysFormat = /objectformat/i.test(readFileSync(join(commonDir, 'config'), 'utf8'));
    return isUsual && !saysFormat ? { top, commonDir, objectFormat: 'sha1' } : undefined;
  } catch {
    return undefined;
  }
}

/** Tips of our own store and of those fetched from remotes, as commit ids; empty where there is none. */
export async function storeTips(place: FilterPlace): Promise<string[]> {
  if (hasNoStore(place)) return [];
  const asked = ['for-each-ref', '--format=%(objectname)', 'refs/comfy/store', 'refs/comfy/remotes'];
  const stdout = await ask(place.top, asked);
  return stdout.split('\n').filter((id) => id !== '');
}

const mostPacked = 1024 * 1024;

/** Whether a look at the files of the refs shows that there is none; git need not be asked then. */
function hasNoStore({ commonDir }: FilterPlace): boolean {
  if (existsSync(join(commonDir, 'refs', 'comfy')) || existsSync(join(commonDir, 'reftable'))) return false;
  const packed = join(commonDir, 'packed-refs');
  const info = statSync(packed, { throwIfNoEntry: false });
  return info === undefined || (info.size <= mostPacked && !readFileSync(packed, 'latin1').includes(' refs/comfy/'));
}

/** Names of all files below a folder of a commit's tree; empty where there is no such folder. */
export async function filesBelow(place: FilterPlace, commit: string, folder: string): Promise<string[]> {
  const asked = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, '--', `${folder}/`];
  const stdout = await ask(place.top, asked);
  return stdout.split('\0').filter((name) => name !== '');
}
