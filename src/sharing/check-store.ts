import { createHash } from 'node:crypto';
import { readDocuments } from '../capture/read-documents.js';
import { InputError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { isSnapshot, readSnapshot, readState } from '../lineage/documents.js';
import type { RunRecord } from '../lineage/record.js';
import { type DocumentKind, documentPath } from '../lineage/stored-document.js';
import type { Fault } from './fault.js';

export interface CheckedStore {
  readonly documents: number;
  readonly faults: readonly Fault[];
  /** Paths of documents that are missing or damaged. */
  readonly broken: readonly string[];
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
    broken: [...snapshots.broken, ...states.broken],
  };
}

async function checkDocuments(
  repository: Repository,
  kind: DocumentKind,
  ids: readonly string[],
): Promise<CheckedStore> {
  const faults: Fault[] = [];
  for await (const { index, text } of readDocuments(repository, kind, ids)) {
    const found = checkDocument(kind, ids[index] ?? '', text);
    if (found !== undefined) faults.push(found);
  }
  return {
    documents: ids.length,
    faults,
    broken: faults.filter(isBroken).map(({ subject }) => documentPath(kind, subject)),
  };
}

function checkDocument(kind: DocumentKind, id: string, text: string | undefined): Fault | undefined {
  if (text === undefined) return fault('document-missing', kind, id, 'is not in this clone');
  if (createHash('sha256').update(text).digest('hex') !== id) {
    return fault('document-damaged', kind, id, 'is not what its name says');
  }
  if (kind === 'snapshot' && isSnapshot(text)) return undefined;
  try {
    if (kind === 'snapshot') readSnapshot(text);
    else readState(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const code = error.code === `${kind}-newer` ? 'document-newer' : 'document-damaged';
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return { code, subject: id, text: `${id.slice(0, 10)}: ${error.message}`, ...hint };
  }
}

const isBroken = ({ code }: Fault) => code !== 'document-newer';

const fault = (code: Fault['code'], kind: DocumentKind, id: string, what: string): Fault => ({
  code,
  subject: id,
  text: `the ${kind} ${id.slice(0, 10)} ${what}`,
  hint: 'git comfy fsck --repair where its history has it, else git comfy sync with a remote that does',
});
