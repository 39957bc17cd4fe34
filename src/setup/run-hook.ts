import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import { gitMaybe } from '../git/exec.js';
import { openWorkTree, type Repository } from '../git/repository.js';
import { changedWorkflows } from '../git/staged.js';
import { type HookName, hookNames } from './hooks.js';
import { checkStaged, type Refusal } from './pre-commit.js';

export interface HookResult {
  /** Not empty: the commit is refused. */
  readonly refusals: readonly Refusal[];
  /** One line for the person, if there is something to say. */
  readonly say?: string;
}

const silent: HookResult = { refusals: [] };

/**
 * Does the work of one git hook.
 * @throws UsageError for a hook that is not ours; InputError `settings-newer`
 */
export async function runHook(tools: Pick<Context, 'cwd'>, name: string, args: readonly string[]): Promise<HookResult> {
  if (!isHook(name)) throw new UsageError(`there is no hook "${name}"`, { hint: `hooks: ${hookNames.join(', ')}` });
  const repository = await openWorkTree(tools.cwd);
  if (name === 'pre-commit' || name === 'pre-merge-commit') return { refusals: await checkStaged(repository) };
  // What has happened cannot be refused any more: a failure here must not look like one of git.
  return afterwards(name, repository, args).catch((error: unknown) => ({
    refusals: [],
    say: `git comfy: ${(error as Error).message}`,
  }));
}

const isHook = (name: string): name is HookName => (hookNames as readonly string[]).includes(name);

async function afterwards(name: HookName, repository: Repository, args: readonly string[]): Promise<HookResult> {
  if (name === 'post-checkout') {
    const [from = '', to = '', branch] = args;
    // Zeros: a clone, or a new work tree; no browser has its files open.
    return branch === '1' && !/^0+$/.test(from) && from !== to ? reopen(repository, from, to) : silent;
  }
  if (name === 'post-merge') {
    const before = await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', 'ORIG_HEAD']);
    return before === undefined ? silent : reopen(repository, before, 'HEAD');
  }
  return silent;
}

/** A browser tab that is still open holds the old graph, and would save it over the new one. */
async function reopen(repository: Repository, from: string, to: string): Promise<HookResult> {
  const paths = await changedWorkflows(repository, from, to);
  if (paths.length === 0) return silent;
  const named = paths.slice(0, mostNamed).join(', ');
  const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : '';
  return { refusals: [], say: `git comfy: open in ComfyUI? reload before you save: ${named}${more}` };
}

const mostNamed = 8;
