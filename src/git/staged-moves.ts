import { type AttributeSource, filteredPaths } from './attributes.js';
import { runGit, splitNul } from './exec.js';
import type { Repository } from './repository.js';

/** Workflows that the next commit would take away or move. Paths are relative to the top. */
export interface StagedMoves {
  readonly removed: readonly string[];
  /** By the name that each gets, the one it has. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** By the index alone, as `stagedWorkflows`; what leaves the tracked files counts as removed. */
export async function stagedMoves(repository: Repository, source: AttributeSource = {}): Promise<StagedMoves> {
  const args = ['diff-index', '--cached', '--name-status', '-z', '-M', '--diff-filter=DR', 'HEAD', '--'];
  const { code, stdout } = await runGit(repository.top, args, source.env === undefined ? {} : { env: source.env });
  // Nothing is gone before the first commit.
  const moves = code === 0 ? movesIn(splitNul(stdout)) : [];
  const paths = moves.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to]));
  const workflows = await filteredPaths(repository, paths, source);
  const removed: string[] = [];
  const renamed = new Map<string, string>();
  for (const { from, to } of moves.filter((move) => workflows.has(move.from))) {
    if (to !== undefined && workflows.has(to)) renamed.set(to, from);
    else removed.push(from);
  }
  return { removed, renamed };
}

/** `D\0path\0` and `R<similarity>\0from\0to\0`. */
function movesIn(fields: readonly string[]): { readonly from: string; readonly to: string | undefined }[] {
  const moves = [];
  for (let at = 0; at < fields.length; ) {
    const renamed = fields[at]?.startsWith('R') === true;
    moves.push({ from: fields[at + 1] ?? '', to: renamed ? fields[at + 2] : undefined });
    at += renamed ? 3 : 2;
  }
  return moves;
}
