import { readLineageLines } from '../capture/read-lineage.js';
import type { Repository } from '../git/repository.js';
import { listStore } from '../git/store.js';
import { documentsOfRecords, takenBack } from '../lineage/garbage.js';
import { documentPath } from '../lineage/stored-document.js';
import { restoreDocuments } from './restore-documents.js';

/**
 * Puts back what records name and the store does not have, as far as its history does: a gc in one clone takes out what only a record of another clone
 * names, of which it could not know.
 * @throws GitError `git-failed`
 */
export async function restoreNamed(repository: Repository): Promise<string[]> {
  const missing = await missingDocuments(repository);
  return restoreDocuments(repository, missing);
}

/** Paths of documents that lines in the refs name, and that the store does not have. */
async function missingDocuments(repository: Repository): Promise<string[]> {
  const lines = (await readLineageLines(repository)).flatMap(({ commit, text }) =>
    commit === undefined ? [] : [text],
  );
  const dead = takenBack(lines);
  const { snapshot, state } = documentsOfRecords(lines.filter((text) => !dead.has(text)));
  const named = [
    ...[...snapshot].map((id) => documentPath('snapshot', id)),
    ...[...state].map((id) => documentPath('state', id)),
  ];
  const stored = new Set(await listStore(repository, ''));
  return named.filter((path) => !stored.has(path));
}
