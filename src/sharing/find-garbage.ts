import { readDocuments } from '../capture/read-documents.js';
import { readLineageLines } from '../capture/read-lineage.js';
import { ComfyError } from '../errors.js';
import { readNotes } from '../git/notes.js';
import { remoteNotesRefs } from '../git/remote.js';
import type { Repository } from '../git/repository.js';
import { listStore } from '../git/store.js';
import { storedSince } from '../git/store-history.js';
import { readState } from '../lineage/documents.js';
import { takenBack, temporaryRecords, withoutNamed } from '../lineage/garbage.js';
import { gatherLineage, type Lineage, type LineageLine } from '../lineage/lineage.js';
import type { Recorded } from '../lineage/query.js';

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
  const found = await readLineageLines(repository);
  const lineage = gatherLineage(found);
  const inputs = await inputsOfRuns(repository, lineage);
  // What waits in the journal for a first commit has no note that could say that it is taken back.
  const temporary = temporaryRecords(lineage, { inputs, since: since.toISOString() }).filter(
    ({ commits }) => commits.length > 0,
  );
  const going = new Set(temporary.map(({ text }) => text));
  const dead = takenBack(found.map(({ text }) => text));
  const lines =
    dead.size + going.size === 0 ? [] : await notedLines(repository, (text) => dead.has(text) || going.has(text));
  const young = new Set(await storedSince(repository, since, folders));
  const stored = (await Promise.all(folders.map((folder) => listStore(repository, folder)))).flat();
  const old = stored.filter((path) => !young.has(path));
  const needed = isNeeded(old, await namingLines(repository, found, going));
  return { temporary, lines, documents: old.filter((path) => !needed(path)) };
}

const notedLines = async (repository: Repository, wanted: (text: string) => boolean) =>
  [...new Set([...(await readNotes(repository)).values()].flat())].filter(wanted);

/**
 * Those of the documents that a line names, here or in what was fetched from a remote.
 * @param paths of the store
 * @throws GitError `git-failed`
 */
export async function neededDocuments(repository: Repository, paths: readonly string[]): Promise<string[]> {
  const lines = await namingLines(repository, await readLineageLines(repository), new Set());
  return paths.filter(isNeeded(paths, lines));
}

/** Whether a line names a document, asked of these paths only. */
export function isNeeded(paths: readonly string[], lines: Iterable<string>): (path: string) => boolean {
  const unnamed = withoutNamed(new Set(paths.map(idOf)), lines);
  return (path) => !unnamed.has(idOf(path));
}

/** `snapshots/ab/cd….json` is `abcd…`. */
const idOf = (path: string) =>
  path
    .replace(/^[a-z]+\//, '')
    .replace('/', '')
    .replace(/\.json$/, '');

/** All lines but those that are taken back, or will be. */
async function namingLines(
  repository: Repository,
  ours: readonly LineageLine[],
  going: ReadonlySet<string>,
): Promise<string[]> {
  const texts = ours.map(({ text }) => text);
  for (const ref of await remoteNotesRefs(repository)) {
    // Hundreds of thousands: too many to be arguments of one call.
    for (const lines of (await readNotes(repository, ref)).values()) for (const text of lines) texts.push(text);
  }
  const dead = takenBack(texts);
  return texts.filter((text) => !dead.has(text) && !going.has(text));
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
