import type { Repository } from '../git/repository.js';
import type { Draft } from '../lineage/draft.js';
import type { FacetIndex } from '../lineage/index/facet-index.js';
import type { LineIndex } from '../lineage/index/line-index.js';
import { type PositionTable, positionsOf, positionTable } from '../lineage/index/position-table.js';
import { documentOf } from '../lineage/index/row.js';
import { readFacetFile } from './facet-file.js';

// What people search for is taken out of a snapshot once: reading 100,000 of them for every question would take minutes. It is kept by what never
// changes; the cache may be deleted at any time.

/** Facets by what records point to. */
export interface KnownFacets {
  readonly index: FacetIndex;
  /** Positions in the index by `documentOf`; none for what is not in this clone, or is damaged. */
  readonly positions: PositionTable;
  /** The same by row of the index of lineage. */
  readonly ofRows: Int32Array;
}

/**
 * Facets of runs and of records of the journal, from the cache or out of the store.
 * @param runs 1 for the first row of each
 * @throws GitError `git-failed`
 */
export async function facetsOfRuns(
  repository: Repository,
  lines: LineIndex,
  runs: Uint8Array,
  waiting: readonly Draft[],
): Promise<KnownFacets> {
  const kept = readFacetFile(repository);
  const positions = positionTable(kept.documents);
  const ofRows = positionsOf(positions, kept.documents, lines.documents);
  const rows = missingRows(lines, runs, ofRows);
  const drafts = waiting.filter(({ record }) => positions.find(documentOf(record)) < 0);
  if (rows.length === 0 && drafts.length === 0) return { index: kept, positions, ofRows };
  // Most questions find everything made.
  const { makeFacets } = await import('./make-facets.js');
  const index = await makeFacets(repository, kept, { lines, rows, waiting, drafts });
  const table = positionTable(index.documents);
  return { index, positions: table, ofRows: positionsOf(table, index.documents, lines.documents) };
}

/** One row for each document that is not known. */
function missingRows({ documents, groups }: LineIndex, runs: Uint8Array, known: Int32Array): number[] {
  const missing = new Map<number, number>();
  for (let row = 0; row < documents.length; row++) {
    const document = documents[row] ?? 0;
    if (document !== 0 && runs[groups[row] ?? 0] === 1 && (known[row] ?? -1) < 0) missing.set(document, row);
  }
  return [...missing.values()];
}
