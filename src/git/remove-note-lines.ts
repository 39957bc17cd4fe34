import { linesOf, notesOf, notesRef, partsOf, readSpellings, replaceNotes } from './notes.js';
import type { Repository } from './repository.js';
import { commitFiles, type FileChange } from './update-ref.js';

/**
 * Takes lines out of every note that has them. A remote that has them still brings them back with the next union.
 * @throws GitError `git-failed`
 */
export async function removeNoteLines(repository: Repository, gone: ReadonlySet<string>): Promise<void> {
  const commits: string[] = [];
  for await (const { commit, lines } of notesOf(repository, notesRef)) {
    if (lines.some((line) => gone.has(line))) commits.push(commit);
  }
  for (const part of partsOf([...new Set(commits)])) {
    await commitFiles(repository, {
      ref: notesRef,
      message: 'git comfy: lines that were taken back',
      plan: (tip) => planRemoval(repository, tip, part, gone),
    });
  }
}

async function planRemoval(
  repository: Repository,
  tip: string | undefined,
  commits: readonly string[],
  gone: ReadonlySet<string>,
): Promise<FileChange[]> {
  if (tip === undefined) return [];
  const found = new Map<string, Map<string, Buffer>>();
  for (const [path, note] of await readSpellings(repository, tip, commits)) {
    const commit = path.replaceAll('/', '');
    found.set(commit, (found.get(commit) ?? new Map()).set(path, note));
  }
  return [...found].flatMap(([commit, spelled]) => {
    const lines = [...spelled.values()].flatMap(linesOf);
    const left = lines.filter((line) => !gone.has(line));
    return left.length === lines.length ? [] : replaceNotes(commit, spelled, left);
  });
}
