import { readDocuments } from '../capture/read-documents.js';
import { readLineageLines } from '../capture/read-lineage.js';
import { ComfyError } from '../errors.js';
import { notesBetween } from '../git/came-between.js';
import { notesRef, readNotes } from '../git/notes.js';
import { remoteNotesRefs } from '../git/remote.js';
import type { Repository } from '../git/repository.js';
import { listStore } from '../git/store.js';
import { storedSince } from '../git/store-history.js';
import { tipOf } from '../git/update-ref.js';
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
  const ours = await readOurs(repository);
  const found = ours.lines;
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
  const needed = isNeeded(old, await namingLines(repository, ours, going));
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
  const lines = await namingLines(repository, await readOurs(repository), new Set());
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

/** Our lines, and where the notes were before they were read: what that commit has is among them. */
interface Ours {
  readonly tip: string | undefined;
  readonly lines: readonly LineageLine[];
}

async function readOurs(repository: Repository): Promise<Ours> {
  const tip = await tipOf(repository, notesRef);
  return { tip, lines: await readLineageLines(repository) };
}

/** All lines but those that are taken back, or will be; of a remote's notes only what is in none of ours is read. */
async function namingLines(
  repository: Repository,
  { tip, lines }: Ours,
  going: ReadonlySet<string>,
): Promise<string[]> {
  const texts = lines.map(({ text }) => text);
  for (const ref of await remoteNotesRefs(repository)) {
    const theirs = await notesBetween(repository, tip, await tipOf(repository, ref));
    // Hundreds of thousands: too many to be arguments of one call.
    for (const { added } of theirs) for (const text of added) texts.push(text);
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
