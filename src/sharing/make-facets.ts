import { documentSpecs, readDocuments } from '../capture/read-documents.js';
import { readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { readPromptOfSnapshot, readState } from '../lineage/documents.js';
import type { Draft } from '../lineage/draft.js';
import { type Facets, facetMaker } from '../lineage/facets.js';
import { type FacetBuilder, type FacetIndex, facetBuilder } from '../lineage/index/facet-index.js';
import { type LineIndex, snapshotAt, stateAt } from '../lineage/index/line-index.js';
import { documentOf } from '../lineage/index/row.js';
import type { State } from '../lineage/state.js';
import { writeFacetFile } from './facet-file.js';

/** So many are made at a time, and then kept: whoever interrupts a first search loses little. */
const batch = 20_000;

/** Of what facets are to be made. */
export interface Missing {
  readonly lines: LineIndex;
  /** One for each document. */
  readonly rows: readonly number[];
  /** The journal. */
  readonly waiting: readonly Draft[];
  /** Those of it whose facets are missing. */
  readonly drafts: readonly Draft[];
}

/** What is searched for in a run stands in these. */
interface Documents {
  /** `documentOf` the record. */
  readonly document: number;
  readonly snapshot: string;
  readonly state: string | undefined;
}

/**
 * Reads snapshots and states, and adds what people search for to an index, which is kept. What is not in this clone, or is damaged, is left out.
 * @throws GitError `git-failed`
 */
export async function makeFacets(repository: Repository, kept: FacetIndex, missing: Missing): Promise<FacetIndex> {
  const { lines, rows, waiting, drafts } = missing;
  const builder = facetBuilder(kept);
  const add = adder(repository, builder, waiting);
  const wanted = rows.map((row) => documentsAt(lines, row));
  const specs = await documentSpecs(
    repository,
    'snapshot',
    wanted.map(({ snapshot }) => snapshot),
  );
  let index = kept;
  for (let from = 0; from < wanted.length; from += batch) {
    if ((await add(wanted.slice(from, from + batch), specs.slice(from, from + batch))) === 0) continue;
    index = builder.finish();
    await writeFacetFile(repository, index);
  }
  // The journal's are few, and most are in the store before the next question.
  const unfolded = drafts.map(({ record }) => ({ ...record, state: record.state, document: documentOf(record) }));
  const ids = unfolded.map(({ snapshot }) => snapshot);
  return (await add(unfolded, await documentSpecs(repository, 'snapshot', ids))) === 0 ? index : builder.finish();
}

const documentsAt = (lines: LineIndex, row: number): Documents => ({
  document: lines.documents[row] ?? 0,
  snapshot: snapshotAt(lines, row) ?? '',
  state: stateAt(lines, row),
});

/** Adds facets, and returns of how many. @param specs by what git knows the snapshots */
type Add = (wanted: readonly Documents[], specs: readonly string[]) => Promise<number>;

function adder(repository: Repository, builder: FacetBuilder, waiting: readonly Draft[]): Add {
  const facetsFor = facetMaker();
  const drafts = new Map(waiting.map((draft) => [documentOf(draft.record), draft]));
  return async (wanted, specs) => {
    if (wanted.length === 0) return 0;
    const states = await readStates(repository, wanted);
    let at = 0;
    let made = 0;
    for await (const { bytes } of readObjects(repository, specs)) {
      const { document, state = '' } = wanted[at++] as Documents;
      const draft = bytes === undefined ? drafts.get(document) : undefined;
      const facets = facetsIn(facetsFor, bytes ?? draft?.snapshot, states.get(state) ?? stateIn(draft?.state));
      if (facets === undefined) continue;
      builder.add(document, facets);
      made++;
    }
    return made;
  };
}

const facetsIn = (
  facetsFor: ReturnType<typeof facetMaker>,
  snapshot: Buffer | string | undefined,
  state: State | undefined,
): Facets | undefined =>
  snapshot === undefined ? undefined : orUndefined(() => facetsFor(readPromptOfSnapshot(snapshot), state));

const stateIn = (text: string | undefined): State | undefined =>
  text === undefined ? undefined : orUndefined(() => readState(text));

/** Runs share states: a hundred thousand runs have seen a few hundred. */
async function readStates(repository: Repository, wanted: readonly Documents[]): Promise<Map<string, State>> {
  const ids = [...new Set(wanted.flatMap(({ state }) => state ?? []))];
  const states = new Map<string, State>();
  if (ids.length === 0) return states;
  for await (const { index, text } of readDocuments(repository, 'state', ids)) {
    const state = stateIn(text);
    if (state !== undefined) states.set(ids[index] ?? '', state);
  }
  return states;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
