import { askIndex } from '../capture/index/open-index.js';
import { readRows } from '../capture/index/read-rows.js';
import { readRecordJournal } from '../capture/lineage-journal.js';
import { commitsOf } from '../git/commits-of.js';
import type { Repository } from '../git/repository.js';
import type { Draft } from '../lineage/draft.js';
import type { Facets } from '../lineage/facets.js';
import { fits, isCheap } from '../lineage/find-match.js';
import type { FindQuery } from '../lineage/find-query.js';
import { documentsFitting, groupsFitting } from '../lineage/index/candidates.js';
import { facetsAt } from '../lineage/index/facet-index.js';
import type { LineIndex } from '../lineage/index/line-index.js';
import { rowsOfRuns, withWaiting } from '../lineage/index/lookup.js';
import { documentOf } from '../lineage/index/row.js';
import { labelsOf } from '../lineage/labels.js';
import { gatherLineage, type Lineage, type SkippedLine } from '../lineage/lineage.js';
import { joinRuns, type Run } from '../lineage/query.js';
import type { OutputEntry, RunRecord } from '../lineage/record.js';
import { recordId, writeRecord } from '../lineage/record-line.js';
import { facetsOfRuns, type KnownFacets } from './run-facets.js';

/** One output that fits, with the run that made it. */
export interface FoundRow {
  readonly id: string;
  readonly output: OutputEntry;
  readonly record: RunRecord;
  readonly labels: readonly string[];
  /** Absent where nobody asked for them, or this clone does not have the snapshot of the run. */
  readonly facets?: Facets;
}

export interface Found {
  readonly rows: readonly FoundRow[];
  /** Runs whose snapshot is not in this clone: they may fit, and nobody can tell. */
  readonly unknown: number;
  readonly skipped: readonly SkippedLine[];
}

/**
 * Outputs by what made them. The index of lineage and the facets say which runs may fit; only their records are read.
 * @param withFacets whether each row comes with its facets: they have to be put together
 * @throws UsageError for a commit that is none; GitError `git-failed`
 */
export async function find(repository: Repository, query: FindQuery, withFacets: boolean): Promise<Found> {
  const commits = await commitSets(repository, query);
  const drafts = (await readRecordJournal(repository)).waiting.map(({ draft }) => draft);
  return askIndex(repository, (index) => findIn(repository, index, { query, commits, drafts, withFacets }));
}

interface Asked extends Pick<Search, 'query' | 'commits' | 'withFacets'> {
  /** The journal. */
  readonly drafts: readonly Draft[];
}

async function findIn(repository: Repository, index: LineIndex, { drafts, ...asked }: Asked): Promise<Found> {
  const { query, commits } = asked;
  const waiting = drafts.map(({ record }) => record);
  const left = withWaiting(index, groupsFitting(index, query, commits), waiting);
  const facets = await facetsOfRuns(repository, index, left, drafts);
  const search = { ...asked, facets, fitting: documentsFitting(facets.index, query) };
  // Of a run that waits all lines count, whatever they say: which of them is the best is not known before they are read.
  const runs = withWaiting(index, narrowed(index, left, search), waiting);
  const lines = await readRows(repository, index, rowsOfRuns(index, runs, waiting));
  const lineage = gatherLineage([...lines, ...waiting.map((record) => ({ text: writeRecord(record) }))]);
  return look(lineage, search);
}

interface Search {
  readonly query: FindQuery;
  readonly commits: readonly ReadonlySet<string>[];
  readonly withFacets: boolean;
  readonly facets: KnownFacets;
  /** 1 for each position of the facets that fits. */
  readonly fitting: Uint8Array;
}

/** Runs with a line whose prompt fits, or is not known: those are counted. */
function narrowed({ documents, groups }: LineIndex, left: Uint8Array, { facets, fitting }: Search): Uint8Array {
  const found = new Uint8Array(left.length);
  for (let row = 0; row < documents.length; row++) {
    const group = groups[row] ?? 0;
    const position = facets.ofRows[row] ?? -1;
    if (left[group] === 1 && documents[row] !== 0 && (position < 0 || fitting[position] === 1)) found[group] = 1;
  }
  return found;
}

/** What of these records fits, to the letter. */
function look({ records, labels: named, skipped }: Lineage, search: Search): Found {
  const { query, commits, facets, fitting } = search;
  const labels = labelsOf(named);
  const asksOfPrompts = query.words.length > 0 || !query.filters.every(isCheap);
  const left = joinRuns(records).filter(
    (run) =>
      commits.every((set) => homesOf(run).some((commit) => set.has(commit))) &&
      fits(query.filters, { record: run.best.record, labels: labels(run) }),
  );
  const positionOf = ({ best }: Run) => facets.positions.find(documentOf(best.record));
  const runs = left.filter((run) => {
    const position = positionOf(run);
    return position < 0 ? !asksOfPrompts : fitting[position] === 1;
  });
  return {
    rows: runs.flatMap((run) => rowsOf(query, run, labels(run), facetsFor(search, positionOf(run)))),
    unknown: left.filter((run) => positionOf(run) < 0).length,
    skipped,
  };
}

/** A table shows none of them. */
const facetsFor = ({ withFacets, facets }: Search, position: number): { readonly facets?: Facets } =>
  withFacets && position >= 0 ? { facets: facetsAt(facets.index, position) } : {};

/** Of a batch only the files that were asked for. */
function rowsOf(
  { filters }: FindQuery,
  run: Run,
  labels: readonly string[],
  facets: { readonly facets?: Facets },
): FoundRow[] {
  const { text, record } = run.best;
  const files = filters.filter(({ key }) => key === 'file');
  const id = recordId(text);
  const outputs = record.outputs.filter(({ name }) => files.every(({ test }) => test(name)));
  return outputs.map((output) => ({ id, output, record, labels, ...facets }));
}

/** A run stands at every commit that one of its lines names, or in whose note one stands. */
const homesOf = ({ best, others }: Run) =>
  [best, ...others].flatMap(({ record, commits }) => [record.commit ?? '', ...commits]);

const commitSets = (repository: Repository, { filters }: FindQuery) =>
  Promise.all(filters.filter(({ key }) => key === 'commit').map(({ wanted }) => commitsOf(repository, wanted)));
