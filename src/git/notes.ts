import { gitMaybe } from './exec.js';
import { readObjects } from './objects.js';
import type { Repository } from './repository.js';
import { commitFiles, type FileChange, tipOf } from './update-ref.js';

export const notesRef = 'refs/notes/comfy';

/** One line of the note on an object. */
export interface NoteLine {
  readonly commit: string;
  readonly line: string;
}

/** Notes that are written together: each may have a megabyte, and all of them are in memory then. */
const mostTogether = 100;

/**
 * Adds lines to the notes on commits, as sets: a line that is there stays once, nobody else's line is lost. One commit for all, unless they are of very many
 * commits. The object need not exist here (it may be cut off in a shallow clone, or rewritten away).
 * @throws GitError `git-failed`
 */
export async function addNoteLines(repository: Repository, lines: readonly NoteLine[]): Promise<void> {
  const wanted = new Map<string, string[]>();
  for (const { commit, line } of lines) {
    const there = wanted.get(commit);
    if (there === undefined) wanted.set(commit, [line]);
    else there.push(line);
  }
  for (const part of partsOf([...wanted])) {
    await commitFiles(repository, {
      ref: notesRef,
      message: 'git comfy: lineage',
      plan: (tip) => planNotes(repository, tip, new Map(part)),
    });
  }
}

/** In pieces of as many as are written together. */
export const partsOf = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / mostTogether) }, (_, at) =>
    all.slice(at * mostTogether, (at + 1) * mostTogether),
  );

/**
 * The files that a notes tree needs so that each object's note holds these lines too. git fans notes out as it likes
 * (`ab/cdef...`, `ab/cd/ef...`); every other spelling of the same object is taken out, or git would show both.
 */
export async function planNotes(
  repository: Repository,
  tip: string | undefined,
  wanted: ReadonlyMap<string, readonly string[]>,
): Promise<FileChange[]> {
  const found =
    tip === undefined ? new Map<string, Buffer>() : await readSpellings(repository, tip, [...wanted.keys()]);
  const changes: FileChange[] = [];
  for (const [commit, added] of wanted) {
    const [ours = '', ...others] = spellings(commit);
    const before = [ours, ...others].flatMap((path) => linesOf(found.get(path)));
    const after = [...new Set([...before, ...added.filter((line) => line !== '')])];
    const strays = others.filter((path) => found.has(path));
    if (strays.length === 0 && after.length === before.length) continue;
    changes.push(...strays.map((path) => ({ path })), { path: ours, bytes: `${after.join('\n')}\n` });
  }
  return changes;
}

/** The files that give a note these lines and no others; `found` are its spellings as they are. Without a line the note goes. */
export function replaceNotes(
  commit: string,
  found: ReadonlyMap<string, Buffer>,
  lines: readonly string[],
): FileChange[] {
  const [ours = ''] = spellings(commit);
  const strays = [...found.keys()].filter((path) => path !== ours || lines.length === 0).map((path) => ({ path }));
  return lines.length === 0 ? strays : [...strays, { path: ours, bytes: `${[...new Set(lines)].join('\n')}\n` }];
}

/** As git spells them: one folder (ours), none, two, three, four. Deeper ones need more objects than there are. */
export function spellings(commit: string): string[] {
  const at = (depth: number) => {
    const folders = Array.from({ length: depth }, (_, index) => commit.slice(index * 2, index * 2 + 2));
    return [...folders, commit.slice(depth * 2)].join('/');
  };
  return [1, 0, 2, 3, 4].map(at);
}

export async function readSpellings(
  repository: Repository,
  tip: string,
  commits: readonly string[],
): Promise<Map<string, Buffer>> {
  const paths = commits.flatMap(spellings);
  const found = new Map<string, Buffer>();
  const prefix = `${tip}:`;
  for await (const { spec, bytes } of readObjects(
    repository,
    paths.map((path) => prefix + path),
  )) {
    if (bytes !== undefined) found.set(spec.slice(prefix.length), bytes);
  }
  return found;
}

/** `git notes append` puts an empty line between notes; those are skipped. */
export const linesOf = (note: Buffer | undefined) =>
  (note?.toString('utf8') ?? '').split('\n').filter((line) => line !== '');

/**
 * Every note of a ref: lines by the id of the annotated object, whatever the fan-out. Objects that are spelled twice are united.
 * Text is given as it stands: a damaged line is the reader's to name.
 */
export async function readNotes(repository: Repository, ref: string = notesRef): Promise<Map<string, string[]>> {
  const notes = new Map<string, string[]>();
  for await (const { commit, lines } of notesOf(repository, ref)) {
    notes.set(commit, [...new Set([...(notes.get(commit) ?? []), ...lines])]);
  }
  return notes;
}

/** As `readNotes`, one in memory at a time; an object that is spelled twice comes twice. */
export async function* notesOf(
  repository: Repository,
  ref: string,
): AsyncGenerator<{ readonly commit: string; readonly lines: readonly string[] }> {
  const tip = await tipOf(repository, ref);
  const entries = tip === undefined ? [] : await noteEntries(repository, tip);
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    entries.map(({ blob }) => blob),
  )) {
    yield { commit: entries[index++]?.commit ?? '', lines: linesOf(bytes) };
  }
}

/** The lines of the note on one object; empty where there is none. */
export async function readNote(repository: Repository, commit: string, ref: string = notesRef): Promise<string[]> {
  const tip = await tipOf(repository, ref);
  if (tip === undefined) return [];
  const found = await readSpellings(repository, tip, [commit]);
  return [...new Set([...found.values()].flatMap(linesOf))];
}

/** Blobs of the tree whose path without slashes is an object id; other files in a notes tree are not notes. */
async function noteEntries(repository: Repository, tip: string): Promise<{ commit: string; blob: string }[]> {
  const listed = (await gitMaybe(repository.top, ['ls-tree', '-r', '-z', tip])) ?? '';
  return listed.split('\0').flatMap((entry) => {
    const [, blob = '', path = ''] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    const commit = path.replaceAll('/', '');
    return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) ? [{ commit, blob }] : [];
  });
}
