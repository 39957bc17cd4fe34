import { lineageTexts } from '../capture/read-lineage.js';
import { linesOfChanged } from '../git/came-between.js';
import { notesRef } from '../git/notes.js';
import { remoteNotesRefs } from '../git/remote.js';
import type { Repository } from '../git/repository.js';
import { tipOf } from '../git/update-ref.js';
import { goneTest, idsTakenBack, withoutNamed } from '../lineage/garbage.js';

/**
 * Those of the documents that a line names, here or in what was fetched from a remote; one that is taken back, or will be, counts no more.
 * @param paths of the store
 * @param isGoing whether a line will be taken back
 * @throws GitError `git-failed`
 */
export async function neededDocuments(
  repository: Repository,
  paths: readonly string[],
  isGoing: (text: string) => boolean = () => false,
): Promise<string[]> {
  const isGone = goneTest(await idsTakenBack(allTexts(repository)));
  return namedDocuments(paths, allTexts(repository), (text) => isGoing(text) || isGone(text));
}

/** Those of the documents that one of our lines names, taken back or not. @throws GitError `git-failed` */
export const documentsNamedHere = (repository: Repository, paths: readonly string[]): Promise<string[]> =>
  namedDocuments(paths, lineageTexts(repository), () => false);

async function namedDocuments(
  paths: readonly string[],
  texts: AsyncIterable<string>,
  isOut: (text: string) => boolean,
): Promise<string[]> {
  const unnamed = new Set(paths.map(idOf));
  for await (const text of texts) if (!isOut(text)) withoutNamed(unnamed, [text]);
  return paths.filter((path) => !unnamed.has(idOf(path)));
}

/** `snapshots/ab/cd….json` is `abcd…`. */
const idOf = (path: string) =>
  path
    .replace(/^[a-z]+\//, '')
    .replace('/', '')
    .replace(/\.json$/, '');

/** Ours, and of a remote's notes those that are not ours as they are; one note in memory at a time. */
async function* allTexts(repository: Repository): AsyncGenerator<string> {
  // Before ours are read: what that commit has is among them.
  const tip = await tipOf(repository, notesRef);
  yield* lineageTexts(repository);
  for (const ref of await remoteNotesRefs(repository)) {
    yield* linesOfChanged(repository, tip, await tipOf(repository, ref));
  }
}
