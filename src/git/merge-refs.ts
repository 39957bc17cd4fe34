import { git, gitMaybe, runGit } from './exec.js';
import { guardStore, keepStore } from './kept-store.js';
import { linesOf, notesRef, planNotes, readSpellings } from './notes.js';
import { readObjects } from './objects.js';
import type { Repository } from './repository.js';
import { newerOf, storeRef } from './store.js';
import { commitFiles, type FileChange, tipOf } from './update-ref.js';

/** What `theirs` has and our ref has not yet, worked out on a tip of ours. */
type PlanUnion = (repository: Repository, tip: string, theirs: string) => Promise<FileChange[]>;

/**
 * Unites a remote's notes, fetched into `from`, with ours: every note becomes the set of both sides' lines.
 * @throws GitError `git-failed`
 */
export const mergeNotes = (repository: Repository, from: string): Promise<void> =>
  unite(repository, notesRef, from, notesOf);

/**
 * Unites a remote's store with ours: documents are named by their content, so both sides' are kept; of two layouts for one blob and
 * path the newer one.
 * @throws GitError `git-failed`
 */
export async function mergeStore(repository: Repository, from: string): Promise<void> {
  await guardStore(repository, storeRef);
  await unite(repository, storeRef, from, documentsOf);
  // What a gc of the other side took out goes here too.
  if ((await tipOf(repository, storeRef)) !== undefined) await keepStore(repository, storeRef);
}

async function unite(repository: Repository, ref: string, from: string, plan: PlanUnion): Promise<void> {
  const theirs = await tipOf(repository, from);
  if (theirs === undefined) return;
  const tip = await tipOf(repository, ref);
  if (tip !== undefined && (await isAncestor(repository, theirs, tip))) return;
  // Another process may move the ref meanwhile: then it has a tip that has to be united with.
  if (tip === undefined || (await isAncestor(repository, tip, theirs))) {
    if (await moveRef(repository, ref, theirs, tip)) return;
    return unite(repository, ref, from, plan);
  }
  await commitFiles(repository, {
    ref,
    message: 'git comfy: unite with a remote',
    parents: [theirs],
    plan: async (now) => (now === undefined ? [] : plan(repository, now, theirs)),
  });
}

const isAncestor = async (repository: Repository, one: string, other: string) =>
  (await gitMaybe(repository.top, ['merge-base', '--is-ancestor', one, other])) !== undefined;

async function moveRef(repository: Repository, ref: string, to: string, before: string | undefined): Promise<boolean> {
  const zero = '0'.repeat(to.length);
  return (await runGit(repository.top, ['update-ref', ref, to, before ?? zero])).code === 0;
}

/** A path that differs between two trees, and the blob that the second has there. */
interface Difference {
  readonly path: string;
  readonly blob: string;
  readonly added: boolean;
}

async function differences(repository: Repository, tip: string, theirs: string): Promise<Difference[]> {
  const args = ['diff-tree', '-r', '--raw', '-z', '--no-abbrev', '--no-renames', '--diff-filter=AM', tip, theirs];
  const fields = (await git(repository.top, args)).toString('utf8').split('\0');
  return fields.flatMap((facts, index) => {
    const [, , , blob = '', status] = facts.split(' ');
    if (index % 2 === 1 || status === undefined) return [];
    return [{ path: fields[index + 1] ?? '', blob, added: status === 'A' }];
  });
}

const notesOf: PlanUnion = async (repository, tip, theirs) => {
  const names = (await differences(repository, tip, theirs)).map(({ path }) => path.replaceAll('/', ''));
  const commits = [...new Set(names)].filter((name) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name));
  const found = await readSpellings(repository, theirs, commits);
  const wanted = new Map<string, string[]>();
  for (const [path, note] of found) {
    const commit = path.replaceAll('/', '');
    wanted.set(commit, [...(wanted.get(commit) ?? []), ...linesOf(note)]);
  }
  return planNotes(repository, tip, wanted);
};

/** What belongs into a store; a remote may hold anything. */
const documentPath = /^(?:snapshots|states|lineage|layouts)\/[\w./-]+$/;

const documentsOf: PlanUnion = async (repository, tip, theirs) => {
  const found = (await differences(repository, tip, theirs)).filter(({ path }) => documentPath.test(path));
  const both = found.filter(({ added, path }) => !added && path.startsWith('layouts/'));
  return [
    ...found.filter(({ added }) => added).map(({ path, blob }) => ({ path, blob })),
    ...(await newerLayouts(repository, tip, both)),
  ];
};

/** Of layouts that both sides have those of theirs that are newer; one process reads them all, two are in memory at a time. */
async function newerLayouts(repository: Repository, tip: string, both: readonly Difference[]): Promise<FileChange[]> {
  const newer: FileChange[] = [];
  const specs = both.flatMap(({ path, blob }) => [`${tip}:${path}`, blob]);
  let read = 0;
  let ours: Buffer | undefined;
  for await (const { bytes } of readObjects(repository, specs)) {
    const pair = both[read >> 1];
    const isOurs = read++ % 2 === 0;
    if (isOurs) ours = bytes;
    else if (pair !== undefined && ours !== undefined && bytes !== undefined) {
      const { path, blob } = pair;
      if (newerOf({ path, bytes: ours }, { path, bytes }).bytes === bytes) newer.push({ path, blob });
    }
  }
  return newer;
}
