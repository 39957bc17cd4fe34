import { filteredPaths } from '../git/attributes.js';
import { readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { type UnmergedFile, unmergedFiles } from '../git/unmerged.js';
import { lockPath } from '../lock/lockfile.js';
import type { Choices, Side } from '../workflow/merge/sides.js';
import type { ConflictWords } from '../workflow/merge/words.js';
import type { WidgetNames } from '../workflow/node-values.js';
import { readChoices } from './conflict-choices.js';
import { type MergedDocument, mergeDocuments, type NamedConflict, type Versions } from './merge-documents.js';

/** One thing to decide. Its number stays while the file is unmerged. */
export interface OpenItem extends ConflictWords {
  readonly number: number;
  readonly key: string;
  /** `undefined` while nobody has said. */
  readonly decided: Side | undefined;
}

/** A file that a merge left open. */
export interface ConflictedFile {
  readonly path: string;
  /** `file`: a side is gone or is nothing that we merge: it is one version or the other. */
  readonly kind: MergedDocument['kind'] | 'file';
  readonly items: readonly OpenItem[];
  readonly unmerged: UnmergedFile;
  readonly versions: Versions;
  readonly choices: Choices;
  /** The merge with these choices; `undefined` for a `file`. */
  readonly merge: (choices: Choices) => MergedDocument | undefined;
}

/**
 * The unmerged workflows, prompts and lock of the repository, worked out from the index alone.
 * @param paths as git takes them, relative to `cwd`; none means all
 */
export async function conflictedFiles(
  repository: Repository,
  paths: readonly string[],
  cwd: string,
  names: WidgetNames | undefined,
): Promise<ConflictedFile[]> {
  const files: ConflictedFile[] = [];
  for (const file of await unmergedOfOurs(repository, paths, cwd))
    files.push(conflictedFile(file, await readVersions(repository, file), await readChoices(repository, file), names));
  return files;
}

/** Unmerged paths that `git comfy conflicts` can do something about. */
export async function unmergedOfOurs(
  repository: Repository,
  paths: readonly string[] = [],
  cwd = repository.top,
): Promise<UnmergedFile[]> {
  const unmerged = await unmergedFiles(repository, paths, cwd);
  const ours = await filteredPaths(
    repository,
    unmerged.map(({ path }) => path),
  );
  return unmerged.filter(({ path }) => ours.has(path) || path === lockPath);
}

async function readVersions(repository: Repository, { base, ours, theirs }: UnmergedFile): Promise<Versions> {
  const blobs = [base, ours, theirs].filter((blob) => blob !== undefined);
  const found = new Map<string, Buffer>();
  for await (const { spec, bytes } of readObjects(repository, blobs)) if (bytes !== undefined) found.set(spec, bytes);
  const of = (blob: string | undefined) => (blob === undefined ? undefined : found.get(blob));
  return { base: of(base), ours: of(ours), theirs: of(theirs) };
}

function conflictedFile(
  unmerged: UnmergedFile,
  versions: Versions,
  choices: Choices,
  names: WidgetNames | undefined,
): ConflictedFile {
  const { path } = unmerged;
  const merge = (wanted: Choices) => mergeDocuments(path === lockPath ? 'lock' : 'content', versions, wanted, names);
  const first = merge(new Map());
  const about = { path, unmerged, versions, choices, merge };
  if (first === undefined) return { ...about, kind: 'file', items: [wholeFile(unmerged, choices)] };
  // With some decided, others may show; they go behind, so that numbers stay.
  const now = choices.size === 0 ? first : (merge(choices) ?? first);
  const known = new Set(first.conflicts.map(({ key }) => key));
  const all = [...first.conflicts, ...now.conflicts.filter(({ key }) => !known.has(key))];
  return { ...about, kind: first.kind, items: all.map((conflict, at) => itemOf(conflict, at + 1, choices)) };
}

function itemOf({ key, who, what, base, ours, theirs }: NamedConflict, number: number, choices: Choices): OpenItem {
  return { number, key, who, what, base, ours, theirs, decided: choices.get(key) };
}

/** The key of the one thing to decide about a file that cannot be merged. */
export const wholeKey = 'file';

function wholeFile({ base, ours, theirs }: UnmergedFile, choices: Choices): OpenItem {
  const word = (blob: string | undefined) =>
    blob !== undefined ? (base === undefined ? 'added' : 'changed') : base === undefined ? 'not there' : 'deleted';
  return {
    number: 1,
    key: wholeKey,
    who: 'file',
    what: 'the whole',
    base: '',
    ours: word(ours),
    theirs: word(theirs),
    decided: choices.get(wholeKey),
  };
}

/** What is still to be decided. */
export const openItems = ({ items }: Pick<ConflictedFile, 'items'>): readonly OpenItem[] =>
  items.filter(({ decided }) => decided === undefined);
