import { hash } from 'node:crypto';
import { readDocuments } from '../capture/read-documents.js';
import { lineageLines } from '../capture/read-lineage.js';
import { ComfyError } from '../errors.js';
import { notesOf, notesRef } from '../git/notes.js';
import type { Repository } from '../git/repository.js';
import { listStore } from '../git/store.js';
import { storedSince } from '../git/store-history.js';
import { readState } from '../lineage/documents.js';
import { goneTest } from '../lineage/garbage.js';
import type { Recorded } from '../lineage/query.js';
import { recordId } from '../lineage/record-line.js';
import { gatherRuns } from '../lineage/temporary-runs.js';
import { neededDocuments } from './needed-documents.js';

/** What nobody needs; nothing of it has been taken out yet. */
export interface Garbage {
  /** Lines of runs that left only temporary files. */
  readonly temporary: readonly Preview[];
  /** How many lines of the notes a tombstone takes back, or will. */
  readonly lines: number;
  /** Paths of the store. */
  readonly documents: readonly string[];
}

/** A line that will be taken back: of tens of thousands no more is held than that needs. */
export interface Preview {
  readonly id: string;
  readonly prompt?: string;
  /** One in whose note it stands. */
  readonly commit: string;
  /** Of its first output. */
  readonly name: string;
}

const folders = ['snapshots', 'states'] as const;

/**
 * Looks for what could be taken out.
 * @param since what was recorded or stored from then on stays: another clone may be about to name it
 * @throws GitError `git-failed`
 */
export async function findGarbage(repository: Repository, since: Date): Promise<Garbage> {
  const { temporary, gone, going } = await findLines(repository, since);
  const isGoing = (text: string) => going.has(text);
  const lines = gone.size + going.size === 0 ? 0 : await countNoted(repository, isGoing, goneTest(gone));
  const young = new Set(await storedSince(repository, since, folders));
  const stored = (await Promise.all(folders.map((folder) => listStore(repository, folder)))).flat();
  const old = stored.filter((path) => !young.has(path));
  const needed = new Set(await neededDocuments(repository, old, isGoing));
  return { temporary, lines, documents: old.filter((path) => !needed.has(path)) };
}

interface FoundLines extends Pick<Garbage, 'temporary'> {
  /** Ids of lines that were taken back. */
  readonly gone: ReadonlySet<string>;
  /** Texts of lines that will be. */
  readonly going: ReadonlySet<string>;
}

async function findLines(repository: Repository, since: Date): Promise<FoundLines> {
  const { gone, states, temporary } = await gatherRuns(lineageLines(repository));
  const inputs = await inputsOfStates(repository, states);
  // What waits in the journal for a first commit has no note that could say that it is taken back.
  const found = temporary({ inputs, since: since.toISOString() }).filter(({ commits }) => commits.length > 0);
  return { temporary: found.map(previewOf), gone, going: new Set(found.map(({ text }) => text)) };
}

const previewOf = ({ text, record: { prompt, outputs }, commits: [commit = ''] }: Recorded): Preview => ({
  ...{ id: recordId(text), commit, name: outputs[0]?.name ?? '' },
  ...(prompt === undefined ? {} : { prompt }),
});

/** Each line once, in how many notes it may stand. */
async function countNoted(repository: Repository, ...tests: readonly ((text: string) => boolean)[]): Promise<number> {
  const found = new Set<string>();
  for await (const { lines } of notesOf(repository, notesRef)) {
    for (const text of lines) if (tests.some((test) => test(text))) found.add(hash('sha256', text));
  }
  return found.size;
}

/** SHA-256 of the files that runs had as inputs; where a state cannot be read, what it would say keeps nothing. */
async function inputsOfStates(repository: Repository, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const inputs = new Set<string>();
  for await (const { text } of readDocuments(repository, 'state', [...ids])) {
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
