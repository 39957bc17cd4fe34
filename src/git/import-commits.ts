import { GitError } from '../errors.js';
import { gitFailed, gitText, runGit } from './exec.js';
import { objectIds } from './object-ids.js';
import { blobId } from './objects.js';
import type { Repository } from './repository.js';
import { tipOf } from './update-ref.js';

export interface ImportedCommit {
  readonly message: string;
  readonly time: Date;
  readonly files: readonly { readonly path: string; readonly bytes: string | Uint8Array }[];
}

/**
 * Makes a branch of its own out of commits, the first one first, by the user's name and at their times. Nothing else in the repository moves. A branch
 * that is just these commits, of a run that was stopped after it, stays as it is.
 * @param branch its short name
 * @returns its last commit
 * @throws GitError `branch-exists`, `bad-branch`, `no-identity`, `git-failed`
 */
export async function importCommits(
  repository: Repository,
  branch: string,
  commits: readonly ImportedCommit[],
): Promise<string> {
  const ref = await branchRef(repository, branch);
  const tip = await tipOf(repository, ref);
  if (tip !== undefined && (await isMadeOf(repository, tip, commits))) return tip;
  if (tip !== undefined) throw branchExists(branch);
  const who = await identity(repository);
  const texts = commits.map((commit, index) => commitText(ref, who, commit, index === 0));
  const stream = Buffer.concat([...texts, Buffer.from('done\n')]);
  const args = ['fast-import', '--quiet', '--done'];
  const result = await runGit(repository.top, args, { input: stream });
  if (result.code !== 0) throw gitFailed(args, result);
  return (await tipOf(repository, ref)) ?? '';
}

async function branchRef(repository: Repository, branch: string): Promise<string> {
  const checked = await runGit(repository.top, ['check-ref-format', '--branch', branch]);
  if (checked.code !== 0 || branch.startsWith('-')) {
    throw new GitError('bad-branch', `"${branch}" is no name for a branch`, {
      hint: 'git comfy recover --branch recovered',
    });
  }
  return `refs/heads/${branch}`;
}

const branchExists = (branch: string) =>
  new GitError('branch-exists', `there is a branch ${branch} already`, {
    hint: `name another one: --branch ${branch}-2; or record the outputs only: git comfy record <the same files>`,
  });

/** Whether a history has the files of these commits one after the other, and no commit besides. */
async function isMadeOf(repository: Repository, tip: string, commits: readonly ImportedCommit[]): Promise<boolean> {
  const ids = (await gitText(repository.top, ['rev-list', '--reverse', tip])).trim().split('\n');
  if (ids.length !== commits.length) return false;
  const files = commits.flatMap((commit, at) => commit.files.map((file) => ({ ...file, commit: ids[at] })));
  const held = await objectIds(
    repository,
    files.map(({ path, commit }) => `${commit}:${path}`),
  );
  return files.every(({ bytes }, at) => held[at] === blobId(repository.objectFormat, bytes));
}

/** `Ada <ada@example.org>`. */
async function identity(repository: Repository): Promise<string> {
  const said = await gitText(repository.top, ['var', 'GIT_COMMITTER_IDENT']).catch((cause: unknown) => {
    throw new GitError('no-identity', 'git does not know who you are', {
      hint: 'git config user.name "Your Name" && git config user.email you@example.org',
      cause,
    });
  });
  return said.replace(/ \d+ [+-]\d{4}\s*$/, '');
}

/** The language of git-fast-import(1). */
function commitText(ref: string, who: string, { message, time, files }: ImportedCommit, isFirst: boolean): Buffer {
  const when = `${Math.floor(time.getTime() / 1000)} +0000`;
  const head = `${isFirst ? `reset ${ref}\n` : ''}commit ${ref}\nauthor ${who} ${when}\ncommitter ${who} ${when}\n`;
  return Buffer.concat([
    Buffer.from(head),
    data(message),
    ...files.flatMap(({ path, bytes }) => [Buffer.from(`M 100644 inline "${path}"\n`), data(bytes)]),
    Buffer.from('\n'),
  ]);
}

function data(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content as Uint8Array);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}
