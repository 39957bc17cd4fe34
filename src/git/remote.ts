import { GitError } from '../errors.js';
import { getConfig } from './config.js';
import { git, gitMaybe, runGit } from './exec.js';
import { notesRef } from './notes.js';
import type { Repository } from './repository.js';
import { storeRef } from './store.js';
import { tipOf } from './update-ref.js';

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
  const remotes = await remotesOf(repository);
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

async function remotesOf(repository: Repository): Promise<string[]> {
  const listed = await git(repository.top, ['remote']);
  return listed
    .toString('utf8')
    .split('\n')
    .filter((name) => name !== '');
}

/** Whether there is a remote of this name. */
export const isRemote = async (repository: Repository, name: string) => (await remotesOf(repository)).includes(name);

const listHint = (remotes: readonly string[]) =>
  remotes.length === 0
    ? 'there is none: git remote add origin <url>'
    : `name one: git comfy sync ${remotes.join(' | ')}`;

/** A fetch by another process (a watcher's, an editor's) may hold a ref for a moment. */
const mostTries = 10;

/**
 * Fetches a remote's notes and store beside our own; a remote that has none yet is fine.
 * @throws GitError `remote-unreachable` with git's own words
 */
export async function fetchLineage(repository: Repository, remote: string, signal: AbortSignal): Promise<void> {
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--refmap=', '--end-of-options', remote];
  for (let tries = 1; ; tries++) {
    const result = await runGit(repository.top, [...args, ...fetchRefspecs(remote)], { signal });
    if (result.code === 0) return;
    if (tries >= mostTries || !/cannot lock ref|unable to update local ref/.test(result.stderr)) {
      throw unreachable(remote, result.stderr);
    }
  }
}

/** `pushed`: the remote has what we have; `rejected`: it has got something new meanwhile. */
export type PushResult = 'pushed' | 'rejected';

/**
 * Pushes those of our two refs that the remote does not have as they are, by what was fetched last. Where it has both, it is not asked: who may only read
 * can take lineage in.
 * @throws GitError `remote-unreachable`, `push-refused`
 */
export async function pushLineage(repository: Repository, remote: string, signal: AbortSignal): Promise<PushResult> {
  const refs = await newRefs(repository, remote);
  if (refs.length === 0) return 'pushed';
  const args = [
    'push',
    '--porcelain',
    '--no-verify',
    '--end-of-options',
    remote,
    ...refs.map((ref) => `${ref}:${ref}`),
  ];
  const result = await runGit(repository.top, args, { signal });
  if (result.code === 0) return 'pushed';
  const report = result.stdout.toString('utf8');
  // git-push(1), porcelain: `!` starts the line of a ref that was not updated.
  if (!/^!\t/m.test(report)) {
    throw isNoRight(result.stderr) ? refused(remote, saidBy(result.stderr)) : unreachable(remote, result.stderr);
  }
  if (isMoved(report)) return 'rejected';
  throw refused(remote, `${refusedRefs(report)}${serverWords(result.stderr)}`);
}

async function newRefs(repository: Repository, remote: string): Promise<string[]> {
  const pairs = [
    [storeRef, remoteStoreRef(remote)],
    [notesRef, remoteNotesRef(remote)],
  ] as const;
  const found: string[] = [];
  for (const [ours, theirs] of pairs) {
    const [mine, other] = [await tipOf(repository, ours), await tipOf(repository, theirs)];
    if (mine !== undefined && mine !== other) found.push(ours);
  }
  return found;
}

/** Somebody else was first; a server of many threads says it in several ways. */
const isMoved = (report: string) =>
  /\[rejected\]|\(fetch first\)|\(non-fast-forward\)|failed to update ref|cannot lock ref|reference already exists/.test(
    report,
  );

/** The same remote let us fetch a moment ago. */
const isNoRight = (stderr: string) => /\b40[13]\b|denied|forbidden|not allowed|read.only|authenti/i.test(stderr);

const refused = (remote: string, what: string) =>
  new GitError('push-refused', `${remote} refuses ${what}`, {
    hint:
      `nothing is lost, and what ${remote} had is here now. It has to let you push ${notesRef} and ${storeRef}: ask whoever runs it; ` +
      'or keep lineage on a remote of your own: git remote add lineage <url> && git comfy sync lineage',
  });

/** `refs/comfy/store and refs/notes/comfy (hook declined)`. */
function refusedRefs(report: string): string {
  const lines = [...report.matchAll(/^!\t[^\t]*:([^\t:]+)\t.*?(\(.*\))?$/gm)].sort();
  const [first] = lines;
  return first === undefined ? 'the push' : `${lines.map(([, ref]) => ref).join(' and ')} ${first[2] ?? ''}`.trimEnd();
}

/** What the server's own hook says. */
function serverWords(stderr: string): string {
  const words = stderr.split('\n').flatMap((line) => /^remote: +(?!error: hook declined)(.*\S)/.exec(line)?.[1] ?? []);
  return words.length === 0 ? '' : `: ${words.slice(0, 3).join(' ')}`;
}

const unreachable = (remote: string, stderr: string) =>
  new GitError('remote-unreachable', `${remote} could not be reached: ${saidBy(stderr)}`, {
    hint: `try: git fetch ${remote}`,
  });

function saidBy(stderr: string): string {
  const lines = stderr.trim().split(/\r?\n/);
  const said = lines.find((line) => /^(?:fatal|error|ssh|ERROR):/.test(line)) ?? lines[0] ?? '';
  return said.replace(/^fatal: /, '');
}
