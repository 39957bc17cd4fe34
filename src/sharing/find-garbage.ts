import { readDocuments } from '../capture/read-documents.js';
import { readLineage, readLineageLines } from '../capture/read-lineage.js';
import { ComfyError } from '../errors.js';
import { readNotes } from '../git/notes.js';
import { remoteNotesRefs } from '../git/remote.js';
import type { Repository } from '../git/repository.js';
import { listStore } from '../git/store.js';
import { storedSince } from '../git/store-history.js';
import { readState } from '../lineage/documents.js';
import { documentsNamed, takenBack, temporaryRecords } from '../lineage/garbage.js';
import type { Lineage } from '../lineage/lineage.js';
import type { Recorded } from '../lineage/query.js';
import { documentPath } from '../lineage/stored-document.js';

/** What nobody needs; nothing of it has been taken out yet. */
export interface Garbage {
  /** Lines of runs that left only temporary files. */
  readonly temporary: readonly Recorded[];
  /** Lines that a tombstone takes back, or will. */
  readonly lines: readonly string[];
  /** Paths of the store. */
  readonly documents: readonly string[];
}

const folders = ['snapshots', 'states'] as const;

/**
 * Looks for what could be taken out.
 * @param since what was recorded or stored from then on stays: another clone may be about to name it
 * @throws GitError `git-failed`
 */
export async function findGarbage(repository: Repository, since: Date): Promise<Garbage> {
  const lineage = await readLineage(repository);
  const inputs = await inputsOfRuns(repository, lineage);
  const found = temporaryRecords(lineage, { inputs, since: since.toISOString() });
  // What waits in the journal for a first commit has no note that could say that it is taken back.
  const temporary = found.filter(({ commits }) => commits.length > 0);
  const going = new Set(temporary.map(({ text }) => text));
  const dead = takenBack((await readLineageLines(repository)).map(({ text }) => text));
  const noted = new Set([...(await readNotes(repository)).values()].flat());
  const lines = [...noted].filter((text) => dead.has(text) || going.has(text));
  const needed = await neededDocuments(repository, going);
  const young = new Set(await storedSince(repository, since, folders));
  const stored = (await Promise.all(folders.map((folder) => listStore(repository, folder)))).flat();
  return { temporary, lines, documents: stored.filter((path) => !needed.has(path) && !young.has(path)) };
}

/**
 * Paths of all documents that a line names, here or in what was fetched from a remote; lines that were taken back name none.
 * @param going lines that will be taken back
 */
export async function neededDocuments(
  repository: Repository,
  going: ReadonlySet<string> = new Set(),
): Promise<ReadonlySet<string>> {
  const texts = (await readLineageLines(repository)).map(({ text }) => text);
  for (const ref of await remoteNotesRefs(repository))
    texts.push(...[...(await readNotes(repository, ref)).values()].flat());
  const dead = takenBack(texts);
  const ids = documentsNamed(texts.filter((text) => !dead.has(text) && !going.has(text)));
  return new Set([...ids].flatMap((id) => [documentPath('snapshot', id), documentPath('state', id)]));
}

/** SHA-256 of the files that runs had as inputs; where a state cannot be read, what it would say keeps nothing. */
async function inputsOfRuns(repository: Repository, { records }: Lineage): Promise<ReadonlySet<string>> {
  const ids = [...new Set(records.flatMap(({ record }) => record.state ?? []))];
  const inputs = new Set<string>();
  for await (const { text } of readDocuments(repository, 'state', ids)) {
    for (const digest of text === undefined ? [] : inputDigests(text)) inputs.add(digest.replace('sha256:', ''));
  }
  return inputs;
}

function inputDigests(text: string): string[] {
  try {
    return [...readState(text).inputs.values()].map(({ digest }) => digest);
  } catch (error) {
    if (error instanceof ComfyError) return [];
    throw error;
  }
}
