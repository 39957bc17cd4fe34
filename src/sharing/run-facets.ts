import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readDocuments, readRunDocuments } from '../capture/read-documents.js';
import { readIfThere } from '../files/read.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { readSnapshot, readState } from '../lineage/documents.js';
import { type Facets, facetsOf } from '../lineage/facets.js';
import { readFacets, writeFacets } from '../lineage/facets-line.js';
import type { RunRecord } from '../lineage/record.js';
import type { State } from '../lineage/state.js';

// What people search for is taken out of a snapshot once: reading 100,000 of them for every question would take minutes. The file
// is a cache of lines, keyed by what never changes; it may be deleted, and a line that is damaged is made again.

const fileOf = (repository: Repository) => comfyPath(repository, 'cache', 'facets-1.jsonl');

/** Of a record. */
export type FacetsOf = (record: RunRecord) => Facets | undefined;

const keyOf = ({ snapshot, state }: RunRecord) => `${snapshot} ${state ?? ''}`;

/**
 * The facets of runs, from the cache or out of the store; `undefined` for a run whose snapshot is not in this clone, or is damaged.
 * @throws GitError `git-failed`
 */
export async function facetsOfRuns(repository: Repository, records: readonly RunRecord[]): Promise<FacetsOf> {
  const known = await readCache(repository);
  const wanted = new Map(records.map((record) => [keyOf(record), record]));
  const missing = [...wanted.values()].filter((record) => !known.has(keyOf(record)));
  const made = await makeFacets(repository, missing);
  await keep(repository, made);
  for (const [key, facets] of made) known.set(key, facets);
  return (record) => known.get(keyOf(record));
}

async function readCache(repository: Repository): Promise<Map<string, Facets>> {
  const known = new Map<string, Facets>();
  const text = (await readIfThere(fileOf(repository)))?.toString('utf8') ?? '';
  for (const one of text.split('\n')) {
    const read = readFacets(one);
    if (read !== undefined) known.set(read.key, read.facets);
  }
  return known;
}

async function makeFacets(repository: Repository, records: readonly RunRecord[]): Promise<Map<string, Facets>> {
  const states = await readStates(repository, records);
  const made = new Map<string, Facets>();
  const ids = records.map(({ snapshot }) => snapshot);
  for await (const { index, text } of readDocuments(repository, 'snapshot', ids)) {
    const record = records[index];
    if (record === undefined) continue;
    const facets = orUndefined(() =>
      text === undefined ? undefined : facetsOf(readSnapshot(text), states.get(record.state ?? '')),
    );
    if (facets !== undefined) made.set(keyOf(record), facets);
  }
  for (const record of records) {
    if (!made.has(keyOf(record)) && record.commit === undefined) await addWaiting(repository, record, made);
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
async function addWaiting(repository: Repository, record: RunRecord, made: Map<string, Facets>): Promise<void> {
  const { snapshot, state } = await readRunDocuments(repository, record).catch(() => ({
    snapshot: undefined,
    state: undefined,
  }));
  if (snapshot !== undefined) made.set(keyOf(record), facetsOf(snapshot, state));
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

async function keep(repository: Repository, made: ReadonlyMap<string, Facets>): Promise<void> {
  if (made.size === 0) return;
  const lines = [...made].map(([key, facets]) => writeFacets({ key, facets }));
  try {
    await mkdir(dirname(fileOf(repository)), { recursive: true });
    await appendFile(fileOf(repository), lines.join(''));
  } catch {}
}
