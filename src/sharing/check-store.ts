import { createHash } from 'node:crypto';
import { readDocuments } from '../capture/read-documents.js';
import type { Repository } from '../git/repository.js';
import type { RunRecord } from '../lineage/record.js';
import type { DocumentKind } from '../lineage/stored-document.js';
import type { Fault } from './fault.js';

export interface CheckedStore {
  readonly documents: number;
  readonly faults: readonly Fault[];
}

/** Reads every document that records point to, one at a time: it has to be there, and to be what its name says. */
export async function checkStore(repository: Repository, records: readonly RunRecord[]): Promise<CheckedStore> {
  // What waits for its first commit is still in the journal.
  const placed = records.filter(({ commit }) => commit !== undefined);
  const ids = (idOf: (record: RunRecord) => string | undefined) => [
    ...new Set(placed.flatMap((one) => idOf(one) ?? [])),
  ];
  const snapshots = await checkDocuments(
    repository,
    'snapshot',
    ids(({ snapshot }) => snapshot),
  );
  const states = await checkDocuments(
    repository,
    'state',
    ids(({ state }) => state),
  );
  return {
    documents: snapshots.documents + states.documents,
    faults: [...snapshots.faults, ...states.faults],
  };
}

async function checkDocuments(
  repository: Repository,
  kind: DocumentKind,
  ids: readonly string[],
): Promise<CheckedStore> {
  const faults: Fault[] = [];
  for await (const { index, text } of readDocuments(repository, kind, ids)) {
    const id = ids[index] ?? '';
    if (text === undefined) faults.push(fault('document-missing', kind, id, 'is not in this clone'));
    else if (createHash('sha256').update(text).digest('hex') !== id) {
      faults.push(fault('document-damaged', kind, id, 'is not what its name says'));
    }
  }
  return { documents: ids.length, faults };
}

const fault = (code: Fault['code'], kind: DocumentKind, id: string, what: string): Fault => ({
  code,
  subject: id,
  text: `the ${kind} ${id.slice(0, 10)} ${what}`,
  hint: 'fetch it from a remote that has it: git comfy sync',
});
