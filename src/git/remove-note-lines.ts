import { linesOf, notesOf, notesRef, partsOf, readSpellings, replaceNotes } from './notes.js';
import type { Repository } from './repository.js';
import { commitFiles, type FileChange } from './update-ref.js';

/**
 * Takes lines out of every note that has them. A remote that has them still brings them back with the next union.
 * @throws GitError `git-failed`
 */
export async function removeNoteLines(repository: Repository, isGone: (line: string) => boolean): Promise<void> {
  const commits: string[] = [];
  for await (const { commit, lines } of notesOf(repository, notesRef)) {
    if (lines.some(isGone)) commits.push(commit);
  }
  for (const part of partsOf([...new Set(commits)])) {
    await commitFiles(repository, {
      ref: notesRef,
      message: 'git comfy: lines that were taken back',
      plan: (tip) => planRemoval(repository, tip, part, isGone),
    });
  }
}

async function planRemoval(
  repository: Repository,
  tip: string | undefined,
  commits: readonly string[],
  isGone: (line: string) => boolean,
): Promise<FileChange[]> {
  if (tip === undefined) return [];
  const found = new Map<string, Map<string, Buffer>>();
  for (const [path, note] of await readSpellings(repository, tip, commits)) {
    const commit = path.replaceAll('/', '');
    found.set(commit, (found.get(commit) ?? new Map()).set(path, note));
  }
  return [...found].flatMap(([commit, spelled]) => {
    const lines = [...spelled.values()].flatMap(linesOf);
    const left = lines.filter((line) => !isGone(line));
    return left.length === lines.length ? [] : replaceNotes(commit, spelled, left);
  });
}
