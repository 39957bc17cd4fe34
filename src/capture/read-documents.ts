import { keptRef } from '../git/kept-store.js';
import { readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { storeBlobs, storeRef } from '../git/store.js';
import { readSnapshot, readState } from '../lineage/documents.js';
import type { RunRecord } from '../lineage/record.js';
import type { Snapshot } from '../lineage/snapshot.js';
import type { State } from '../lineage/state.js';
import { type DocumentKind, documentPath } from '../lineage/stored-document.js';
import { readRecordJournal } from './lineage-journal.js';

/** What a record points to; absent where the store does not have it (a clone whose remote was never synced). */
export interface RunDocuments {
  readonly snapshot?: Snapshot;
  readonly state?: State;
}

/** From so many on all paths are listed first: git goes from the root for each path that it is asked for. */
const many = 2_000;

/** By what git finds documents in the tree of `ref`, in the order of `ids`. */
export async function documentSpecs(
  repository: Repository,
  kind: DocumentKind,
  ids: readonly string[],
  ref: string = storeRef,
): Promise<string[]> {
  const blobs = ids.length < many ? undefined : await storeBlobs(repository, `${kind}s`, ref);
  return ids.map((id) => blobs?.get(documentPath(kind, id)) ?? `${ref}:${documentPath(kind, id)}`);
}

/** Texts of documents in the order of `ids`, read by one process; `undefined` where the store has none. */
export async function* readDocuments(
  repository: Repository,
  kind: DocumentKind,
  ids: readonly string[],
  ref: string = storeRef,
): AsyncGenerator<{ readonly index: number; readonly text: string | undefined }> {
  let index = 0;
  const specs = await documentSpecs(repository, kind, ids, ref);
  for await (const { bytes } of readObjects(repository, specs)) yield { index: index++, text: bytes?.toString('utf8') };
}

/**
 * Snapshot and state of a record: from the store, or from the journal while the record waits there.
 * @throws InputError `snapshot-newer`, `state-newer`, `document-damaged`
 */
export async function readRunDocuments(repository: Repository, record: RunRecord): Promise<RunDocuments> {
  const { snapshot, state } = await readRunTexts(repository, record);
  return {
    ...(snapshot === undefined ? {} : { snapshot: readSnapshot(snapshot) }),
    ...(state === undefined ? {} : { state: readState(state) }),
  };
}

/** Texts of the documents of a run, as they were written. */
export interface RunTexts {
  readonly snapshot?: string | undefined;
  readonly state?: string | undefined;
}

/** As `readRunDocuments`, not read. */
export async function readRunTexts(repository: Repository, record: RunRecord): Promise<RunTexts> {
  const stored = await storedTexts(repository, record);
  return stored.snapshot === undefined ? waitingTexts(repository, record) : stored;
}

async function storedTexts(repository: Repository, record: RunRecord, ref: string = storeRef): Promise<RunTexts> {
  const specs = [
    `${ref}:${documentPath('snapshot', record.snapshot)}`,
    ...(record.state === undefined ? [] : [`${ref}:${documentPath('state', record.state)}`]),
  ];
  const texts: (string | undefined)[] = [];
  for await (const { bytes } of readObjects(repository, specs)) texts.push(bytes?.toString('utf8'));
  // Something may have rewritten the store away: what was noted down of it is there until the next write brings it back.
  if (texts[0] === undefined && ref === storeRef) return storedTexts(repository, record, keptRef);
  return { snapshot: texts[0], state: texts[1] };
}

async function waitingTexts(repository: Repository, record: RunRecord): Promise<RunTexts> {
  const { waiting } = await readRecordJournal(repository);
  const { snapshot, state } = record;
  return waiting.find(({ draft }) => draft.record.snapshot === snapshot && draft.record.state === state)?.draft ?? {};
}

/**
 * As `readRunDocuments`, with a state only where it is a whole one. What somebody gave of a machine later (`record --env`) says nothing of models and packs:
 * where those are to be verified it would pass for a run that had none.
 */
export async function readSeenDocuments(repository: Repository, record: RunRecord): Promise<RunDocuments> {
  const { state, ...documents } = await readRunDocuments(repository, record);
  return state === undefined || record.captured === 'embedded' ? documents : { ...documents, state };
}
