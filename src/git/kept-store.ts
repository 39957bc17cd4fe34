import { gitMaybe, runGit, splitNul } from './exec.js';
import type { Repository } from './repository.js';
import { commitFiles, type FileChange } from './update-ref.js';

/**
 * The tree of the store as it was after the last write. What rewrites every commit of a repository (`git filter-repo --path ...`) takes the store for one more
 * branch and leaves nothing of it, nor of its history; a ref that is no commit it leaves alone.
 */
export const keptRef = 'refs/comfy/kept';

/** Notes the store's tree down. It is a safety net: where git cannot write now, the next write does. */
export async function keepStore(repository: Repository, storeRef: string): Promise<void> {
  await runGit(repository.top, ['update-ref', keptRef, `${storeRef}^{tree}`]);
}

/**
 * Puts back what the store has lost since it was noted down; by a gc it has lost nothing, since that notes it down anew. Returns how many documents.
 * @throws GitError `git-failed`
 */
export async function guardStore(repository: Repository, storeRef: string): Promise<number> {
  const lost = await lostFiles(repository, storeRef);
  if (lost.length === 0) return 0;
  await commitFiles(repository, {
    ref: storeRef,
    message: 'git comfy: what a rewriting of history took out of the store',
    plan: async () => lost,
  });
  return lost.length;
}

async function lostFiles(repository: Repository, storeRef: string): Promise<FileChange[]> {
  const shape = ['-r', '--raw', '-z', '--no-abbrev', '--no-renames', '--diff-filter=A'];
  const { code, stdout } = await runGit(repository.top, ['diff-tree', ...shape, storeRef, keptRef]);
  if (code === 0) return changesIn(splitNul(stdout));
  // One of the two is not there.
  const kept = await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', keptRef]);
  const store = await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', storeRef]);
  return kept === undefined || store !== undefined ? [] : wholeTree(repository, kept);
}

/** `:<modes> <ids> A` and the path, in turn. */
const changesIn = (fields: readonly string[]): FileChange[] =>
  fields.flatMap((facts, index) => {
    const blob = facts.split(' ')[3];
    const path = fields[index + 1];
    return index % 2 === 0 && blob !== undefined && path !== undefined ? [{ path, blob }] : [];
  });

async function wholeTree(repository: Repository, tree: string): Promise<FileChange[]> {
  const { stdout } = await runGit(repository.top, ['ls-tree', '-r', '-z', tree]);
  return splitNul(stdout).flatMap((entry) => {
    const [, blob, path] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    return blob === undefined || path === undefined ? [] : [{ path, blob }];
  });
}
