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

/**
 * Adds lines to the notes on commits, as sets: a line that is there stays once, nobody else's line is lost. One commit for all.
 * The object need not exist here (it may be cut off in a shallow clone, or rewritten away).
 * @throws GitError `git-failed`
 */
export async function addNoteLines(repository: Repository, lines: readonly NoteLine[]): Promise<void> {
  const wanted = new Map<string, string[]>();
  for (const { commit, line } of lines) wanted.set(commit, [...(wanted.get(commit) ?? []), line]);
  if (wanted.size === 0) return;
  await commitFiles(repository, {
    ref: notesRef,
    message: 'git comfy: lineage',
    plan: (tip) => planNotes(repository, tip, wanted),
  });
}

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

/**
 * Takes lines out of every note that has them. A remote that has them still brings them back with the next union.
 * @throws GitError `git-failed`
 */
export async function removeNoteLines(repository: Repository, gone: ReadonlySet<string>): Promise<void> {
  await commitFiles(repository, {
    ref: notesRef,
    message: 'git comfy: lines that were taken back',
    plan: async (tip) => {
      if (tip === undefined) return [];
      const notes = [...(await readNotes(repository, tip))].filter(([, lines]) => lines.some((line) => gone.has(line)));
      const found = await readSpellings(
        repository,
        tip,
        notes.map(([commit]) => commit),
      );
      return notes.flatMap(([commit, lines]) =>
        replaceNotes(
          commit,
          new Map([...found].filter(([path]) => path.replaceAll('/', '') === commit)),
          lines.filter((line) => !gone.has(line)),
        ),
      );
    },
  });
}

/** As git spells them: one folder (ours), none, two, three, four. Deeper ones need more objects than there are. */
function spellings(commit: string): string[] {
  const at = (depth: number) => {
    const folders = Array.from({ length: depth }, (_, index) => commit.slice(index * 2, index * 2 + 2));
    return [...folders, commit.slice(depth * 2)].join('/');
  };
  return [1, 0, 2, 3, 4].map(at);
}

export async function readSpellings(
  repository: Repository,
  tip: string,
  commits: string[],
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
  const tip = await tipOf(repository, ref);
  if (tip === undefined) return notes;
  const entries = await noteEntries(repository, tip);
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    entries.map(({ blob }) => blob),
  )) {
    const commit = entries[index++]?.commit ?? '';
    notes.set(commit, [...new Set([...(notes.get(commit) ?? []), ...linesOf(bytes)])]);
  }
  return notes;
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
