import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { GitError } from '../errors.js';
import { askGit, gitFailed, gitMaybe, runGit } from './exec.js';

/** Where a repository is. All paths are absolute. */
export interface Repository {
  /** Top of the work tree; for a bare repository the git directory. Use it as `cwd` for git. */
  readonly top: string;
  readonly bare: boolean;
  /** This work tree's own git directory. */
  readonly gitDir: string;
  /** Shared by all linked work trees: hooks, refs, our journal and cache. */
  readonly commonDir: string;
  readonly objectFormat: 'sha1' | 'sha256';
}

/**
 * Finds the repository that `cwd` is in, as git does (GIT_DIR and friends are respected).
 * @throws GitError `no-repository`
 */
export async function openRepository(cwd: string): Promise<Repository> {
  const result = await askGit(cwd, asked);
  // In a bare repository, or below .git, there is no work tree: git has answered everything else by then.
  const [bare, format, gitDir = '', common = '', ...top] = result.stdout.toString('utf8').split('\n');
  if (result.code !== 0 && common === '') {
    if (!result.stderr.includes('not a git repository')) throw gitFailed(asked, result);
    throw new GitError('no-repository', 'this folder is in no git repository', {
      hint: 'go into one, or make one here: git init && git comfy init',
    });
  }
  const hasTree = result.code === 0;
  return {
    // The last answer, since the name of a folder may hold a line break.
    top: hasTree ? top.join('\n').replace(/\n$/, '') : gitDir,
    bare: bare === 'true' || !hasTree,
    gitDir,
    commonDir: await realpath(join(isRelative(common) ? cwd : '/', common)),
    objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
  };
}

const asked = [
  'rev-parse',
  ...['--is-bare-repository', '--show-object-format', '--absolute-git-dir', '--git-common-dir', '--show-toplevel'],
];

/** As `openRepository`; `undefined` where there is none, or no git to ask. */
export async function findRepository(cwd: string): Promise<Repository | undefined> {
  try {
    return await openRepository(cwd);
  } catch (error) {
    if (error instanceof GitError && ['no-repository', 'git-missing'].includes(error.code)) return undefined;
    throw error;
  }
}

const isRelative = (path: string) => !/^(?:\/|[A-Za-z]:[\\/])/.test(path);

/**
 * As `openRepository`, for commands that need files.
 * @throws GitError `no-repository`, `bare-repository`, `in-git-directory`
 */
export async function openWorkTree(cwd: string): Promise<Repository> {
  const repository = await openRepository(cwd);
  if (!repository.bare) return repository;
  const { stdout } = await runGit(cwd, ['rev-parse', '--is-bare-repository']);
  if (stdout.toString('latin1').trim() === 'false') {
    throw new GitError('in-git-directory', 'this folder belongs to git itself and is no work tree', {
      hint: 'go to the work tree, the folder above .git, and run it there',
    });
  }
  throw new GitError('bare-repository', 'this repository has no work tree (it is bare)', {
    hint: 'clone it, and run the command in the clone',
  });
}

/** Object id of HEAD's commit; `undefined` before the first one. */
export function headCommit(repository: Repository): Promise<string | undefined> {
  return gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
}

/** HEAD's commit; before the first one, the empty tree that every repository starts from. */
export async function startOf(repository: Repository): Promise<string> {
  return (await headCommit(repository)) ?? emptyTreeOf(repository);
}

/** The tree without a file, which every repository knows. */
export const emptyTreeOf = ({ objectFormat }: Repository): string => emptyTree[objectFormat];

const emptyTree = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
} as const;

/**
 * @throws GitError `no-commit`
 */
export async function needHeadCommit(repository: Repository): Promise<string> {
  const head = await headCommit(repository);
  if (head !== undefined) return head;
  throw new GitError('no-commit', 'this repository has no commit yet', {
    hint: 'make the first one: git comfy commit -m "first workflows"',
  });
}

/** `comfy/` in the common git directory: `journal` is data, `cache` can be deleted. */
export const comfyPath = (repository: Repository, ...parts: string[]) => join(repository.commonDir, 'comfy', ...parts);
