import { GitError } from '../errors.js';
import { getConfig } from './config.js';
import { git, gitMaybe, runGit } from './exec.js';
import { notesRef } from './notes.js';
import type { Repository } from './repository.js';
import { storeRef } from './store.js';

/** Where a remote's notes and store are kept beside our own. */
export const remoteNotesRef = (remote: string) => `refs/notes/remotes/${remote}/comfy`;
export const remoteStoreRef = (remote: string) => `refs/comfy/remotes/${remote}/store`;

/** Notes of every remote, as they were fetched last. */
export async function remoteNotesRefs(repository: Repository): Promise<string[]> {
  const listed = await git(repository.top, ['for-each-ref', '--format=%(refname)', 'refs/notes/remotes/*/comfy']);
  return listed
    .toString('utf8')
    .split('\n')
    .filter((ref) => ref !== '');
}

/** For `remote.<name>.fetch`. Patterns, because git refuses a whole fetch where a ref that is named exactly is not there. */
export const fetchRefspecs = (remote: string): readonly string[] => [
  `+${notesRef}*:${remoteNotesRef(remote)}*`,
  `+${storeRef}*:${remoteStoreRef(remote)}*`,
];

/**
 * The remote to talk to: the one named, else the one of the current branch, else `origin`, else the only one.
 * @throws GitError `no-remote`, `unknown-remote`
 */
export async function chooseRemote(repository: Repository, named: string | undefined): Promise<string> {
  const remotes = (await git(repository.top, ['remote']))
    .toString('utf8')
    .split('\n')
    .filter((name) => name !== '');
  if (named !== undefined) {
    if (remotes.includes(named)) return named;
    throw new GitError('unknown-remote', `there is no remote ${named}`, { hint: listHint(remotes) });
  }
  const branch = await gitMaybe(repository.top, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  const tracked = branch === undefined ? undefined : await getConfig(repository, `branch.${branch}.remote`);
  const [first] = [tracked, 'origin', ...(remotes.length === 1 ? remotes : [])].filter(
    (name) => name !== undefined && remotes.includes(name),
  );
  if (first !== undefined) return first;
  if (remotes.length === 0) {
    throw new GitError('no-remote', 'this repository has no remote to exchange lineage with', {
      hint: 'add one: git remote add origin <url>',
    });
  }
  throw new GitError('no-remote', 'which remote is meant is not clear', { hint: listHint(remotes) });
}

const listHint = (remotes: readonly string[]) =>
  remotes.length === 0
    ? 'there is none: git remote add origin <url>'
    : `name one: git comfy sync ${remotes.join(' | ')}`;

/**
 * Fetches a remote's notes and store beside our own; a remote that has none yet is fine.
 * @throws GitError `remote-unreachable` with git's own words
 */
export async function fetchLineage(repository: Repository, remote: string, signal: AbortSignal): Promise<void> {
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--refmap=', '--end-of-options', remote];
  const result = await runGit(repository.top, [...args, ...fetchRefspecs(remote)], { signal });
  if (result.code !== 0) throw unreachable(remote, result.stderr);
}

/** `pushed`: the remote has what we have; `rejected`: it has got something new meanwhile. */
export type PushResult = 'pushed' | 'rejected';

/**
 * Pushes those of our two refs that exist, both or none where the remote can do that.
 * @throws GitError `remote-unreachable`, `push-refused`
 */
export async function pushLineage(repository: Repository, remote: string, signal: AbortSignal): Promise<PushResult> {
  const refs: string[] = [];
  for (const ref of [storeRef, notesRef]) {
    const there = await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', ref]);
    if (there !== undefined) refs.push(`${ref}:${ref}`);
  }
  if (refs.length === 0) return 'pushed';
  const args = ['push', '--porcelain', '--no-verify', '--end-of-options', remote, ...refs];
  const result = await runGit(repository.top, args, { signal });
  if (result.code === 0) return 'pushed';
  const report = result.stdout.toString('utf8');
  // git-push(1), porcelain: `!` starts the line of a ref that was not updated.
  if (!/^!\t/m.test(report)) throw unreachable(remote, result.stderr);
  if (
    /\[rejected\]|\(fetch first\)|\(non-fast-forward\)|failed to update ref|cannot lock ref|reference already exists/.test(
      report,
    )
  ) {
    return 'rejected';
  }
  throw new GitError('push-refused', `${remote} refuses ${refused(report)}`, {
    hint: 'the right to push is needed; lineage stays here, and nothing is lost',
  });
}

const refused = (report: string) => /^!\t\S*?:?(\S+)\t(.*)$/m.exec(report)?.slice(1).join(' ') ?? 'the push';

function unreachable(remote: string, stderr: string): GitError {
  const said =
    stderr
      .trim()
      .split('\n')
      .find((line) => /^(?:fatal|error|ssh):/.test(line)) ?? stderr.trim();
  return new GitError('remote-unreachable', `${remote} could not be reached: ${said.replace(/^fatal: /, '')}`, {
    hint: `try: git fetch ${remote}`,
  });
}
