import type { Context } from '../context.js';
import { type OtherIndex, withCommitIndex } from '../git/commit-index.js';
import { handOver } from '../git/exec.js';
import { comfyPath, headCommit, type Repository } from '../git/repository.js';
import { committedEntry } from '../git/stage.js';
import type { Difference } from '../lock/drift.js';
import { isUnchecked } from '../lock/drift-rules.js';
import type { LockChange } from '../lock/lock-changes.js';
import { lockPath } from '../lock/lockfile.js';
import { type CommitArguments, readCommitArguments } from './commit-arguments.js';
import { type CommitLock, placeLock, planCommitLock, putLockBack, settleLock } from './commit-lock.js';
import { withTemplate } from './commit-template.js';
import { fold } from './fold.js';
import { linkWaitingRuns } from './link-waiting-runs.js';
import { allWorkflows, checkSettings, indexedWorkflows } from './lock-files.js';
import { lookAround } from './look-around.js';
import { normaliseStaged } from './normalise-staged.js';
import { refresh } from './refresh.js';
import type { Surroundings } from './surroundings.js';
import { pointTextconv } from './textconv-driver.js';
import { type FileWords, messageOf, wordsOfCommit } from './words-of-commit.js';

export interface Committing extends Pick<Context, 'cwd' | 'env' | 'talk' | 'signal' | 'lend'> {
  /** Arguments of `git commit`, and `--auto`. */
  readonly words: readonly string[];
  /** Where git's own output goes. */
  readonly stdout: 'inherit' | 'stderr';
}

export interface CommitAnswer {
  /** git's own exit code. */
  readonly exit: number;
  readonly commit?: string;
  readonly locked: readonly LockChange[];
  /** What is not as the lock says; it was not moved. */
  readonly drift: readonly Difference[];
  /** Runs that had waited for a commit with their workflow. */
  readonly linked: number;
}

/** Nobody waits for a hash, nor for a server: milliseconds. */
const hashing = 3_000;
const patience = 1_500;

/**
 * `git commit` with everything that belongs to workflows: what is staged is in normal form, the lock covers what is committed, layouts and
 * records are folded in, runs that waited for it are linked. What git was not asked to commit stays where it is.
 * @throws UsageError; InputError `lock-newer`, `lock-damaged`, `settings-newer`; Interrupted; nothing is changed then
 */
export async function commitWorkflows(repository: Repository, committing: Committing): Promise<CommitAnswer> {
  const parsed = readCommitArguments(committing.words);
  const { scope } = parsed;
  const { cwd, stdout, talk, lend } = committing;
  if (scope.kind === 'nothing' || scope.kind === 'unknown') {
    const exit = await lend(() => handOver(cwd, ['commit', ...parsed.args], { stdout }));
    return { exit, locked: [], drift: [], linked: 0 };
  }
  await checkSettings(repository);
  const around = surroundings(repository, committing);
  await normaliseStaged(repository);
  // With -a git takes every touched file in anyway.
  if (scope.kind !== 'all') await refresh(repository, talk);
  const planned = await planInScope(repository, parsed, committing, await around);
  const places = planned.text === undefined ? undefined : await placeLock(repository, planned.text);
  const headEntry = scope.kind === 'only' ? await lockOfHead(repository) : undefined;
  const putBack = async () => {
    if (places !== undefined) await putLockBack(repository, places);
  };
  const exit = await runCommit(repository, parsed, planned, committing).catch(async (error: unknown) => {
    await putBack();
    throw error;
  });
  if (exit !== 0) {
    await putBack();
    return { exit, locked: [], drift: planned.drift, linked: 0 };
  }
  if (places !== undefined) await settleLock(repository, scope, places, planned, headEntry);
  const facts = { exit, locked: planned.changes, drift: planned.drift.filter(({ code }) => !isUnchecked(code)) };
  return { ...facts, ...(await afterwards(repository, talk)) };
}

/** Asked while git is asked, too. */
function surroundings(repository: Repository, { env, signal }: Committing): Promise<Surroundings> {
  const around = lookAround(repository, { cwd: repository.top, env, signal, patience });
  // Whoever waits for it hears of what went wrong.
  around.catch(() => {});
  return around;
}

const lockOfHead = async (repository: Repository) => committedEntry(repository, await headCommit(repository), lockPath);

interface Planned extends CommitLock {
  /** None where the message is given. */
  readonly words: readonly FileWords[];
}

async function planInScope(
  repository: Repository,
  { scope, auto, messageGiven }: CommitArguments,
  { cwd, signal, talk }: Committing,
  around: Surroundings,
): Promise<Planned> {
  const wanted = auto || !messageGiven;
  const planning = { around, budgetMs: hashing, signal, talk };
  if (scope.kind === 'all' && !wanted) {
    return { ...(await planCommitLock(repository, scope, await allWorkflows(repository), planning)), words: [] };
  }
  const plan = async (index?: OtherIndex): Promise<Planned> => {
    const source = index === undefined ? {} : { env: index };
    const planned = await planCommitLock(repository, scope, await indexedWorkflows(repository, source), planning);
    return { ...planned, words: wanted ? await wordsOfCommit(repository, planned.lock, source) : [] };
  };
  if (scope.kind === 'all') return withCommitIndex(repository, cwd, { all: true }, plan);
  if (scope.kind !== 'only' && scope.kind !== 'include') return plan();
  return withCommitIndex(repository, cwd, { paths: scope.paths, fromHead: scope.kind === 'only' }, plan);
}

async function runCommit(
  repository: Repository,
  parsed: CommitArguments,
  planned: Planned,
  { cwd, stdout, lend }: Committing,
): Promise<number> {
  const own = parsed.scope.kind === 'only' && planned.text !== undefined ? [`:(top,literal)${lockPath}`] : [];
  const commit = (extra: readonly string[]) =>
    lend(() => handOver(cwd, ['commit', ...extra, ...parsed.args, ...own], { stdout, env: standDown(repository) }));
  if (parsed.auto) return commit(['-m', messageOf(planned.words)]);
  if (parsed.messageGiven) return commit([]);
  return withTemplate(repository, planned.words, commit);
}

/** Tells the post-commit hook of this repository, by its launcher, that its work is done here: another start of Node for nothing. */
const standDown = (repository: Repository) => ({ GIT_COMFY_COMMIT: comfyPath(repository, 'run') });

/** The commit is made; what fails from here on is said, and done again next time. */
async function afterwards(repository: Repository, talk: Context['talk']): Promise<{ commit?: string; linked: number }> {
  const folding = Promise.all([fold(repository), pointTextconv(repository)]);
  folding.catch(() => {});
  const commit = await headCommit(repository);
  if (commit === undefined) return { linked: 0 };
  try {
    await folding;
    return { commit, linked: await linkWaitingRuns(repository, commit) };
  } catch (error) {
    talk.say(`committed; records and layouts wait in the journal: ${(error as Error).message}`);
    return { commit, linked: 0 };
  }
}
