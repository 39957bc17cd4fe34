import { gitMaybe, gitText } from './exec.js';
import type { Repository } from './repository.js';

/** The commits that are being united, as far as git says: `ours` is where HEAD is, which in a rebase is the other branch. */
export interface MergeHeads {
  readonly doing: 'merge' | 'rebase' | 'cherry-pick' | 'revert' | undefined;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

const heads = [
  ['merge', 'MERGE_HEAD'],
  ['rebase', 'REBASE_HEAD'],
  ['cherry-pick', 'CHERRY_PICK_HEAD'],
  ['revert', 'REVERT_HEAD'],
] as const;

/** Each commit as `<abbreviated id> <subject>`; after `stash pop` git keeps no trace of the other side. */
export async function mergeHeads(repository: Repository): Promise<MergeHeads> {
  const ours = await commitLine(repository, 'HEAD');
  for (const [doing, ref] of heads) {
    const theirs = await commitLine(repository, ref);
    if (theirs !== undefined) return { doing, ours, theirs };
  }
  return { doing: undefined, ours, theirs: undefined };
}

async function commitLine(repository: Repository, ref: string): Promise<string | undefined> {
  const id = await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  return id === undefined
    ? undefined
    : gitText(repository.top, ['log', '-1', '--format=%h %s', '--end-of-options', id]);
}
