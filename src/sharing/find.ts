import { readLineage } from '../capture/read-lineage.js';
import { commitsOf } from '../git/commits-of.js';
import type { Repository } from '../git/repository.js';
import type { Facets } from '../lineage/facets.js';
import { fits, isCheap } from '../lineage/find-match.js';
import type { FindQuery } from '../lineage/find-query.js';
import { labelsOf } from '../lineage/labels.js';
import type { SkippedLine } from '../lineage/lineage.js';
import { joinRuns, type Run } from '../lineage/query.js';
import type { OutputEntry, RunRecord } from '../lineage/record.js';
import { recordId } from '../lineage/record-line.js';
import { facetsOfRuns } from './run-facets.js';

/** One output that fits, with the run that made it. */
export interface FoundRow {
  readonly id: string;
  readonly output: OutputEntry;
  readonly record: RunRecord;
  readonly labels: readonly string[];
  /** Absent where this clone does not have the snapshot of the run. */
  readonly facets?: Facets;
}

export interface Found {
  readonly rows: readonly FoundRow[];
  /** Runs whose snapshot is not in this clone: they may fit, and nobody can tell. */
  readonly unknown: number;
  readonly skipped: readonly SkippedLine[];
}

/**
 * Outputs by what made them. What a record itself says is asked first; snapshots are read for what is left.
 * @throws UsageError for a commit that is none; GitError `git-failed`
 */
export async function find(repository: Repository, query: FindQuery): Promise<Found> {
  const lineage = await readLineage(repository);
  const labels = labelsOf(lineage.labels);
  const atCommits = await commitTest(repository, query);
  const cheap: FindQuery = { filters: query.filters.filter(isCheap), words: [] };
  const left = joinRuns(lineage.records).filter(
    (run) => atCommits(run) && fits(cheap, { record: run.best.record, labels: labels(run), facets: undefined }),
  );
  const facets = await facetsOfRuns(
    repository,
    left.map(({ best }) => best.record),
  );
  const runs = left.filter((run) =>
    fits(query, { record: run.best.record, labels: labels(run), facets: facets(run.best.record) }),
  );
  return {
    rows: runs.flatMap((run) => rowsOf(query, run, labels(run), facets(run.best.record))),
    unknown: left.filter(({ best }) => facets(best.record) === undefined).length,
    skipped: lineage.skipped,
  };
}

/** Of a batch only the files that were asked for. */
function rowsOf({ filters }: FindQuery, run: Run, labels: readonly string[], facets: Facets | undefined): FoundRow[] {
  const { text, record } = run.best;
  const files = filters.filter(({ key }) => key === 'file');
  const id = recordId(text);
  return record.outputs
    .filter(({ name }) => files.every(({ test }) => test(name)))
    .map((output) => ({ id, output, record, labels, ...(facets === undefined ? {} : { facets }) }));
}

/** A run stands at every commit that one of its lines names, or in whose note one stands. */
async function commitTest(repository: Repository, { filters }: FindQuery): Promise<(run: Run) => boolean> {
  const asked = filters.filter(({ key }) => key === 'commit');
  const sets = await Promise.all(asked.map(({ wanted }) => commitsOf(repository, wanted)));
  const homes = ({ best, others }: Run) =>
    [best, ...others].flatMap(({ record, commits }) => [record.commit ?? '', ...commits]);
  return (run) => sets.every((set) => homes(run).some((commit) => set.has(commit)));
}
