import { git } from './exec.js';
import type { Repository } from './repository.js';
import { commitOf } from './revision.js';

/** What people know a commit by. */
export interface CommitFacts {
  readonly id: string;
  readonly subject: string;
  /** Committer's date, ISO 8601 in UTC. */
  readonly time: string;
}

const format = '--format=tformat:%H%x00%ct%x00%s';

/**
 * The commit that a name means; `undefined` where there is none.
 * @throws GitError `no-commit`, `git-failed`
 */
export async function commitNamed(repository: Repository, name: string): Promise<CommitFacts | undefined> {
  const commit = await commitOf(repository, name);
  return commit === undefined ? undefined : (await commitsFrom(repository, commit, 1))[0];
}

/**
 * Commits from `name` back, newest first.
 * @param most no limit where it is not given
 * @throws GitError `git-failed`
 */
export async function commitsFrom(repository: Repository, name: string, most?: number): Promise<CommitFacts[]> {
  const limit = most === undefined ? [] : [`--max-count=${most}`];
  const args = ['log', '-z', format, '--no-show-signature', ...limit, '--end-of-options', `${name}^{commit}`, '--'];
  return factsIn(await git(repository.top, args));
}

/** Three fields a commit; a subject never holds a NUL. */
function factsIn(output: Buffer): CommitFacts[] {
  const fields = output.toString('utf8').split('\0');
  const commits: CommitFacts[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [id = '', seconds = '', subject = ''] = fields.slice(at, at + 3);
    commits.push({ id, subject, time: new Date(Number(seconds) * 1000).toISOString() });
  }
  return commits;
}
