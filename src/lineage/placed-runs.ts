import type { Lineage, SkippedLine } from './lineage.js';
import { joinRuns, type Run } from './query.js';

/** Runs by the commit that each stands at: the one that matches it best. */
export interface PlacedRuns {
  readonly at: ReadonlyMap<string, readonly Run[]>;
  /** No commit is known of them: they were recorded before there was one. */
  readonly waiting: readonly Run[];
  /** How many stand at none of the commits that were asked for. */
  readonly elsewhere: number;
  readonly skipped: readonly SkippedLine[];
}

export function placeRuns({ records, skipped }: Lineage, commits: ReadonlySet<string>): PlacedRuns {
  const at = new Map<string, Run[]>();
  const waiting: Run[] = [];
  let elsewhere = 0;
  for (const run of joinRuns(records)) {
    const home = homeOf(run, commits);
    const there = home === undefined ? undefined : at.get(home);
    if (run.best.record.commit === undefined) waiting.push(run);
    else if (home === undefined) elsewhere++;
    else if (there === undefined) at.set(home, [run]);
    else there.push(run);
  }
  return { at, waiting, elsewhere, skipped };
}

/** The commit of the best line that is among these; after a rebase the one that the note was copied to. */
function homeOf({ best, others }: Run, known: ReadonlySet<string>): string | undefined {
  for (const { record, commits } of [best, ...others]) {
    // Sorted: in which order notes were read says nothing.
    const home = [record.commit ?? '', ...commits.toSorted()].find((commit) => known.has(commit));
    if (home !== undefined) return home;
  }
  return undefined;
}
