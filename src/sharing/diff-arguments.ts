import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { readBounded } from '../files/read.js';
import type { Range } from '../git/changed-files.js';
import { gitText } from '../git/exec.js';
import { headCommit, type Repository, startOf } from '../git/repository.js';
import { commitOf } from '../git/revision.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { readEmbedded } from '../image/embedded.js';
import { shellWord } from '../shell-word.js';

/** What `diff` was asked to compare. */
export interface Asked {
  readonly range: Range;
  /** As git takes them. */
  readonly paths: readonly string[];
}

/** One name of a file that is there and that no JSON file has: a picture, or what else has a workflow embedded. */
export async function askedPicture(cwd: string, args: readonly string[]): Promise<string | undefined> {
  const [name, more] = args;
  if (name === undefined || more !== undefined || /\.json$/i.test(name) || !(await isFile(cwd, name))) return undefined;
  const path = resolve(cwd, name);
  return readEmbedded(await readBounded(path, maxOutputBytes)).container === 'unknown' ? undefined : path;
}

/** Two names of files that are there, and nothing else, mean these files, in or outside of a repository. */
export async function askedFiles(cwd: string, args: readonly string[]): Promise<readonly [string, string] | undefined> {
  const [a, b, more] = args;
  if (a === undefined || b === undefined || more !== undefined) return undefined;
  return (await isFile(cwd, a)) && (await isFile(cwd, b)) ? [resolve(cwd, a), resolve(cwd, b)] : undefined;
}

/**
 * Reads `[rev [rev]] [path...]`: up to two words that name commits come first, `a..b` and `a...b` as git has them, the rest are paths.
 * @throws UsageError for a word that is neither a commit nor a file, or both; GitError `no-commit`
 */
export async function askedRange(
  repository: Repository,
  cwd: string,
  args: readonly string[],
  side: 'staged' | 'unstaged' | undefined,
): Promise<Asked> {
  const revisions: string[] = [];
  const rest = [...args];
  while (rest[0] !== undefined && revisions.length < mostRevisions[side ?? 'files']) {
    const found = await commitsOf(repository, cwd, rest[0]);
    if (found === undefined) break;
    revisions.push(...found);
    rest.shift();
  }
  const paths = await Promise.all(rest.map((word) => checkedPath(repository, cwd, word)));
  return { range: await rangeOf(repository, revisions, side), paths };
}

const mostRevisions = { staged: 1, unstaged: 0, files: 2 };

async function rangeOf(
  repository: Repository,
  revisions: readonly string[],
  side: 'staged' | 'unstaged' | undefined,
): Promise<Range> {
  if (side === 'unstaged') return { unstaged: true };
  const [from = await startOf(repository), to] = revisions;
  if (side === 'staged') return { from, staged: true };
  return to === undefined ? { from } : { from, to };
}

async function commitsOf(repository: Repository, cwd: string, word: string): Promise<string[] | undefined> {
  const [, left = '', dots, right = ''] = /^(.*?)(\.{2,3})(.*)$/.exec(word) ?? [];
  if (dots === undefined) {
    const commit = await commitOf(repository, word);
    if (commit === undefined) return undefined;
    if (await isFile(cwd, word)) {
      throw new UsageError(`"${word}" is both a commit and a file`, {
        hint: `git comfy diff ${shellWord(`./${word}`)} means the file, git comfy diff ${commit.slice(0, 12)} the commit`,
      });
    }
    return [commit];
  }
  const [from, to] = [await commitOf(repository, left || 'HEAD'), await commitOf(repository, right || 'HEAD')];
  if (from === undefined || to === undefined) return undefined;
  return [dots === '...' ? await gitText(repository.top, ['merge-base', from, to]) : from, to];
}

/** A path may be of a file that is gone; then git knows it. */
async function checkedPath(repository: Repository, cwd: string, word: string): Promise<string> {
  if ((await stat(resolve(cwd, word)).catch(() => undefined)) !== undefined) return word;
  const known = await gitText(cwd, ['ls-files', '-z', '--cached', '--', word]);
  const head = known === '' ? await headCommit(repository) : undefined;
  const gone = head === undefined ? '' : await gitText(cwd, ['ls-tree', '-r', '-z', '--name-only', head, '--', word]);
  if (known !== '' || gone !== '') return word;
  throw new UsageError(`"${word}" is neither a commit nor a file`, {
    hint: 'git comfy diff [commit [commit]] [path...], or two files',
  });
}

const isFile = async (cwd: string, word: string) =>
  (await stat(resolve(cwd, word)).catch(() => undefined))?.isFile() === true;
