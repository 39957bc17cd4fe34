import { readRows } from '../capture/index/read-rows.js';
import { readDocuments, readRunDocuments } from '../capture/read-documents.js';
import type { Repository } from '../git/repository.js';
import { readPromptOfSnapshot, readState } from '../lineage/documents.js';
import { type Facets, facetMaker, facetsOf } from '../lineage/facets.js';
import { type FacetBuilder, type FacetIndex, facetBuilder } from '../lineage/index/facet-index.js';
import type { LineIndex } from '../lineage/index/line-index.js';
import { documentOf } from '../lineage/index/row.js';
import type { RunRecord } from '../lineage/record.js';
import { readLine } from '../lineage/record-line.js';
import type { State } from '../lineage/state.js';
import { readFacetFile, writeFacetFile } from './facet-file.js';

// What people search for is taken out of a snapshot once: reading 100,000 of them for every question would take minutes. It is kept by what never
// changes; the cache may be deleted at any time.

/** So many are made at a time, and then kept: whoever interrupts a first search loses little. */
const batch = 20_000;

/** Facets by what records point to. */
export interface KnownFacets {
  readonly index: FacetIndex;
  /** Position in the index by `documentOf`; nothing for what is not in this clone, or is damaged. */
  readonly positions: ReadonlyMap<number, number>;
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
  waiting: readonly RunRecord[],
): Promise<KnownFacets> {
  let index = readFacetFile(repository);
  const known = positionsIn(index);
  const missing = new Map<number, number>();
  lines.documents.forEach((document, row) => {
    if (runs[lines.groups[row] ?? 0] === 1 && document !== 0 && !known.has(document)) missing.set(document, row);
  });
  const wanted = [...missing.values()];
  const builder = facetBuilder(index);
  for (let from = 0; from < wanted.length; from += batch) {
    const records = await recordsAt(repository, lines, wanted.slice(from, from + batch));
    if ((await addFacets(repository, records, builder)) === 0) continue;
    index = builder.finish();
    await writeFacetFile(repository, index);
  }
  const unfolded = waiting.filter((record) => !known.has(documentOf(record)));
  if ((await addFacets(repository, unfolded, builder)) > 0) index = builder.finish();
  return { index, positions: index.documents.length === known.size ? known : positionsIn(index) };
}

function positionsIn({ documents }: FacetIndex): Map<number, number> {
  const positions = new Map<number, number>();
  documents.forEach((document, position) => {
    positions.set(document, position);
  });
  return positions;
}

/** One for each document. */
async function recordsAt(repository: Repository, lines: LineIndex, rows: readonly number[]): Promise<RunRecord[]> {
  const records = new Map<number, RunRecord>();
  for (const { text } of await readRows(repository, lines, rows)) {
    const line = readLine(text);
    if (line.kind === 'record') records.set(documentOf(line.value), line.value);
  }
  return [...records.values()];
}

/** Returns how many there are of these records; the others have no snapshot here. */
async function addFacets(
  repository: Repository,
  records: readonly RunRecord[],
  builder: FacetBuilder,
): Promise<number> {
  const states = await readStates(repository, records);
  const facetsFor = facetMaker();
  const ids = records.map(({ snapshot }) => snapshot);
  let made = 0;
  for await (const { index, text } of readDocuments(repository, 'snapshot', ids)) {
    const record = records[index] as RunRecord;
    const stored = orUndefined(() =>
      text === undefined ? undefined : facetsFor(readPromptOfSnapshot(text), states.get(record.state ?? '')),
    );
    const facets = stored ?? (record.commit === undefined ? await waitingFacets(repository, record) : undefined);
    if (facets === undefined) continue;
    builder.add(documentOf(record), facets);
    made++;
  }
  return made;
}

/** Runs share states: a hundred thousand runs have seen a few hundred. */
async function readStates(repository: Repository, records: readonly RunRecord[]): Promise<Map<string, State>> {
  const ids = [...new Set(records.flatMap(({ state }) => state ?? []))];
  const states = new Map<string, State>();
  for await (const { index, text } of readDocuments(repository, 'state', ids)) {
    const state = orUndefined(() => (text === undefined ? undefined : readState(text)));
    if (state !== undefined) states.set(ids[index] ?? '', state);
  }
  return states;
}

/** Before the first commit a run's documents are in the journal. */
async function waitingFacets(repository: Repository, record: RunRecord): Promise<Facets | undefined> {
  try {
    const { snapshot, state } = await readRunDocuments(repository, record);
    return snapshot === undefined ? undefined : facetsOf(snapshot, state);
  } catch {
    return undefined;
  }
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
