import { git, splitNul } from './exec.js';
import { linesOf, notesRef } from './notes.js';
import { readObjects, sizesOf } from './objects.js';
import { emptyTreeOf, type Repository } from './repository.js';
import { listStore, storeRef } from './store.js';
import { tipOf } from './update-ref.js';

/** Where notes and store are at one time; `undefined` where there is none yet. */
export interface Tips {
  readonly notes: string | undefined;
  readonly store: string | undefined;
}

export async function tipsOf(repository: Repository, notes = notesRef, store = storeRef): Promise<Tips> {
  return { notes: await tipOf(repository, notes), store: await tipOf(repository, store) };
}

/** A note that has changed: its lines now, those of them that are new, and those that are gone. */
export interface ChangedNote {
  readonly commit: string;
  readonly lines: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * The notes that differ between two commits of a notes ref, whatever the fan-out of each.
 * @throws GitError `git-failed`
 */
export async function notesBetween(
  repository: Repository,
  before: string | undefined,
  after: string | undefined,
): Promise<ChangedNote[]> {
  const sides = { old: new Map<string, Set<string>>(), now: new Map<string, Set<string>>() };
  const changed = await differing(repository, before, after, 'AMD');
  const wanted = changed.flatMap(({ path, old, now }) => [
    { side: sides.old, path, blob: old },
    { side: sides.now, path, blob: now },
  ]);
  const there = wanted.filter(({ blob }) => !/^0+$/.test(blob));
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    there.map(({ blob }) => blob),
  )) {
    const { side, path = '' } = there[index++] ?? { side: sides.now };
    const commit = path.replaceAll('/', '');
    const lines = side.get(commit) ?? new Set();
    for (const line of linesOf(bytes)) lines.add(line);
    side.set(commit, lines);
  }
  return [...new Set([...sides.old.keys(), ...sides.now.keys()])].map((commit) => {
    const [old, now] = [sides.old.get(commit) ?? new Set<string>(), sides.now.get(commit) ?? new Set<string>()];
    const removed = [...old].filter((line) => !now.has(line));
    return { commit, lines: [...now], added: [...now].filter((line) => !old.has(line)), removed };
  });
}

/**
 * All lines of the notes that stand in `after` and not like that in `before`, one note in memory at a time.
 * @throws GitError `git-failed`
 */
export async function* linesOfChanged(
  repository: Repository,
  before: string | undefined,
  after: string | undefined,
): AsyncGenerator<string> {
  const changed = await differing(repository, before, after, 'AM');
  for await (const { bytes } of readObjects(
    repository,
    changed.map(({ now }) => now),
  )) {
    yield* linesOf(bytes);
  }
}

/**
 * Documents that a store has got (`A`) or lost (`D`) between two of its commits.
 * @throws GitError `git-failed`
 */
export const documentsBetween = (
  repository: Repository,
  before: string | undefined,
  after: string | undefined,
  change: 'A' | 'D',
): Promise<ChangedDocument[]> => differing(repository, before, after, change);

export interface ChangedDocument {
  readonly path: string;
  /** Ids of blobs; zeros where there is none. */
  readonly old: string;
  readonly now: string;
}

async function differing(
  repository: Repository,
  before: string | undefined,
  after: string | undefined,
  filter: string,
): Promise<ChangedDocument[]> {
  if (before === after) return [];
  const none = emptyTreeOf(repository);
  const shape = ['-r', '--raw', '-z', '--no-abbrev', '--no-renames', `--diff-filter=${filter}`];
  const fields = splitNul(await git(repository.top, ['diff-tree', ...shape, before ?? none, after ?? none]));
  return fields.flatMap((facts, index) => {
    const [, , old, now] = facts.split(' ');
    return index % 2 === 1 || old === undefined || now === undefined
      ? []
      : [{ path: fields[index + 1] ?? '', old, now }];
  });
}

/** From so many on the whole store is listed: git goes from the root for each path that it is asked for. */
const many = 2_000;

/**
 * Those of the paths that the store does not have.
 * @throws GitError `git-failed`
 */
export async function notStored(repository: Repository, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  if (paths.length >= many) {
    const there = new Set(await listStore(repository, ''));
    return paths.filter((path) => !there.has(path));
  }
  const sizes = await sizesOf(
    repository,
    paths.map((path) => `${storeRef}:${path}`),
  );
  return paths.filter((_, index) => sizes[index] === undefined);
}
