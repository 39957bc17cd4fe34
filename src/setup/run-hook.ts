import { fold } from '../capture/fold.js';
import { linkWaitingRuns } from '../capture/link-waiting-runs.js';
import { pointTextconv } from '../capture/textconv-driver.js';
import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import { gitMaybe } from '../git/exec.js';
import { headCommit, openWorkTree, type Repository } from '../git/repository.js';
import { changedWorkflows } from '../git/staged.js';
import { checkIndex } from '../sharing/check.js';
import type { Problem } from '../sharing/problem.js';
import { type HookName, hookNames } from './hooks.js';
import { syncBeforePush } from './push-lineage.js';

export interface HookResult {
  /** Not empty: the commit is refused. */
  readonly refusals: readonly Problem[];
  /** What is not as it should be, and no reason to refuse. */
  readonly warnings: readonly Problem[];
  /** Lines for the person. */
  readonly say: readonly string[];
}

const silent: HookResult = { refusals: [], warnings: [], say: [] };

/**
 * Does the work of one git hook.
 * @throws UsageError for a hook that is not ours
 */
export async function runHook(
  tools: Pick<Context, 'cwd' | 'signal'>,
  name: string,
  args: readonly string[],
): Promise<HookResult> {
  if (!isHook(name)) throw new UsageError(`there is no hook "${name}"`, { hint: `hooks: ${hookNames.join(', ')}` });
  const repository = await openWorkTree(tools.cwd);
  if (name === 'pre-commit' || name === 'pre-merge-commit') return before(repository);
  // What has happened cannot be refused any more, and a push is not refused for lineage's sake: a failure here must not look like one of git.
  const work = name === 'pre-push' ? beforePush(tools, repository, args) : afterwards(name, repository, args);
  return work.catch((error: unknown) => ({
    ...silent,
    say: [(error as Error).message],
  }));
}

async function before(repository: Repository): Promise<HookResult> {
  const { problems, warnings } = await checkIndex(repository);
  return { refusals: problems, warnings, say: [] };
}

async function beforePush(
  tools: Pick<Context, 'cwd' | 'signal'>,
  repository: Repository,
  [remote = '', , command = '']: readonly string[],
): Promise<HookResult> {
  return { ...silent, say: await syncBeforePush(tools, repository, { remote, command }) };
}

const isHook = (name: string): name is HookName => (hookNames as readonly string[]).includes(name);

async function afterwards(name: HookName, repository: Repository, args: readonly string[]): Promise<HookResult> {
  await pointTextconv(repository);
  if (name === 'post-checkout') {
    const [from = '', to = '', branch] = args;
    // Zeros: a clone, or a new work tree; no browser has its files open.
    return branch === '1' && !/^0+$/.test(from) && from !== to ? reopen(repository, from, to) : silent;
  }
  if (name === 'post-merge') {
    const from = await revision(repository, 'ORIG_HEAD');
    return from === undefined ? silent : reopen(repository, from, 'HEAD');
  }
  await keep(repository);
  return silent;
}

/** Folds the journal; a commit that changed workflows may be the one that runs were waiting for. */
async function keep(repository: Repository): Promise<void> {
  await fold(repository);
  const [head, parent] = await Promise.all([headCommit(repository), revision(repository, 'HEAD^')]);
  if (head === undefined) return;
  const changed = parent === undefined || (await changedWorkflows(repository, parent, head)).length > 0;
  if (changed) await linkWaitingRuns(repository, head);
}

const revision = (repository: Repository, name: string) =>
  gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', name]);

/** A browser tab that is still open holds the old graph, and would save it over the new one. */
async function reopen(repository: Repository, from: string, to: string): Promise<HookResult> {
  const paths = await changedWorkflows(repository, from, to);
  if (paths.length === 0) return silent;
  const named = paths.slice(0, mostNamed).join(', ');
  const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : '';
  return { ...silent, say: [`open in ComfyUI? reload before you save: ${named}${more}`] };
}

const mostNamed = 8;
