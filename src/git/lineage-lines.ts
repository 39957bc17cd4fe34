import { createHash } from 'node:crypto';
import {
  addNoteLines,
  linesOf,
  type NoteLine,
  notesRef,
  readNote,
  readSpellings,
  replaceNotes,
  spellings,
} from './notes.js';
import { readObjects, sizesOf } from './objects.js';
import type { Repository } from './repository.js';
import { listStore, putStore, type StoreFile, storeRef } from './store.js';
import { commitFiles } from './update-ref.js';

/** A note grows no larger than this, in bytes: every line that is added rewrites it, and every clone holds every version. */
export const largestNote = 1_000_000;
/** What stays in a note whose older lines were moved. */
const smallNote = 200_000;
/** Lines moved in one document, in bytes. */
const largestDocument = 1_000_000;

/** Where the store keeps lines that were moved out of the note on a commit, named by the SHA-256 of the text. */
const movedFolder = (commit: string) => `lineage/${commit}`;

/**
 * As `addNoteLines`, and a note that has grown too large gives its older lines to the store.
 * @throws GitError `git-failed`
 */
export async function addLineage(repository: Repository, lines: readonly NoteLine[]): Promise<void> {
  await addNoteLines(repository, lines);
  await rollNotes(
    repository,
    lines.map(({ commit }) => commit),
  );
}

/**
 * Moves older lines of large notes into the store, where readers find them too. The store gets them first; a crash in between leaves lines that
 * stand twice, which is harmless. Lines of other programs stay where they are.
 * @throws GitError `git-failed`
 */
export async function rollNotes(repository: Repository, commits: readonly string[]): Promise<void> {
  for (const commit of await largeNotes(repository, [...new Set(commits)])) {
    const lines = await readNote(repository, commit);
    if (isLarge(lines)) await rollNote(repository, commit, lines);
  }
}

/** Those whose note may have grown too large, by its size: nothing is read of the others. */
async function largeNotes(repository: Repository, commits: readonly string[]): Promise<string[]> {
  const specs = commits.flatMap((commit) => spellings(commit).map((path) => ({ commit, spec: `${notesRef}:${path}` })));
  const sizes = await sizesOf(
    repository,
    specs.map(({ spec }) => spec),
  );
  const sums = new Map<string, number>();
  for (const [at, { commit }] of specs.entries()) sums.set(commit, (sums.get(commit) ?? 0) + (sizes[at] ?? 0));
  return commits.filter((commit) => (sums.get(commit) ?? 0) > largestNote);
}

async function rollNote(repository: Repository, commit: string, lines: readonly string[]): Promise<void> {
  const older = olderLines(lines);
  const there = await movedLines(repository, commit);
  await putStore(
    repository,
    documentsOf(
      commit,
      older.filter((line) => !there.has(line)),
    ),
  );
  const moved = new Set(older);
  await commitFiles(repository, {
    ref: notesRef,
    message: 'git comfy: older lineage is in the store',
    plan: async (tip) => {
      if (tip === undefined) return [];
      const found = await readSpellings(repository, tip, [commit]);
      const left = [...found.values()].flatMap(linesOf).filter((line) => !moved.has(line));
      return replaceNotes(commit, found, left);
    },
  });
}

/** Notes grow at their end: the newest lines stay. */
function olderLines(lines: readonly string[]): string[] {
  let left = 0;
  const keepFrom = lines.findLastIndex((line) => {
    left += Buffer.byteLength(line) + 1;
    return left > smallNote;
  });
  return lines.slice(0, keepFrom + 1).filter(isOurs);
}

const isOurs = (line: string) => line.startsWith('{') && /"(?:record|label|tombstone)":/.test(line);

/** Whether a note of these lines has grown too large. */
export const isLarge = (lines: readonly string[]): boolean =>
  lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) > largestNote;

async function movedLines(repository: Repository, commit: string): Promise<ReadonlySet<string>> {
  const paths = await listStore(repository, movedFolder(commit));
  const lines = new Set<string>();
  const specs = paths.map((path) => `${storeRef}:${path}`);
  for await (const { bytes } of readObjects(repository, specs)) for (const line of linesOf(bytes)) lines.add(line);
  return lines;
}

function documentsOf(commit: string, lines: readonly string[]): StoreFile[] {
  const files: StoreFile[] = [];
  let from = 0;
  let size = 0;
  for (const [index, line] of lines.entries()) {
    size += Buffer.byteLength(line) + 1;
    if (size < largestDocument && index < lines.length - 1) continue;
    files.push(documentOf(commit, lines.slice(from, index + 1)));
    from = index + 1;
    size = 0;
  }
  return files;
}

function documentOf(commit: string, lines: readonly string[]): StoreFile {
  const bytes = `${lines.join('\n')}\n`;
  return { path: `${movedFolder(commit)}/${createHash('sha256').update(bytes).digest('hex')}.jsonl`, bytes };
}
