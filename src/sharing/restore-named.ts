import { notStored } from '../git/came-between.js';
import type { Repository } from '../git/repository.js';
import { documentsOfRecords } from '../lineage/garbage.js';
import { documentPath } from '../lineage/stored-document.js';
import { documentsNamedHere } from './needed-documents.js';
import { restoreDocuments } from './restore-documents.js';

/**
 * Puts back what records name and the store does not have, as far as its history does: a gc in one clone takes out what only a record of another clone
 * names, of which it could not know.
 * @param lines that have come from the other clone
 * @param dropped paths of documents that the other clone took out
 * @throws GitError `git-failed`
 */
export async function restoreNamed(
  repository: Repository,
  lines: readonly string[],
  dropped: readonly string[],
): Promise<void> {
  const { snapshot, state } = documentsOfRecords(lines);
  const named = [
    ...[...snapshot].map((id) => documentPath('snapshot', id)),
    ...[...state].map((id) => documentPath('state', id)),
  ];
  const documents = dropped.filter((path) => /^(?:snapshots|states)\//.test(path));
  const needed = documents.length === 0 ? [] : await documentsNamedHere(repository, documents);
  const missing = await notStored(repository, [...new Set([...named, ...needed])]);
  await restoreDocuments(repository, missing);
}
