import { isObject, tryParseJson } from '../workflow/json.js';
import { git, splitNul } from './exec.js';
import { guardStore, keepStore } from './kept-store.js';
import { readBlob, readObjects } from './objects.js';
import type { Repository } from './repository.js';
import { commitFiles, type FileChange, type RefChange, tipOf } from './update-ref.js';

/** Snapshots, states, layouts and moved lineage lines; see product.md, "Where things are kept". */
export const storeRef = 'refs/comfy/store';

export interface StoreFile {
  /** `snapshots/ab/<rest>.json` and the like. */
  readonly path: string;
  readonly bytes: string | Uint8Array;
}

/**
 * Puts documents into the store in one commit. What is there stays: documents are named by their content. Only layouts are
 * replaced, by a newer one.
 * @throws GitError `git-failed`
 */
export async function putStore(repository: Repository, files: readonly StoreFile[]): Promise<void> {
  const wanted = new Map<string, StoreFile>();
  for (const file of files) wanted.set(file.path, newerOf(wanted.get(file.path), file));
  if (wanted.size === 0) return;
  await changeStore(repository, {
    message: 'git comfy: store',
    plan: (tip) => planStore(repository, tip, [...wanted.values()]),
  });
}

/**
 * Every change of the store goes through here: what something else took out of it comes back first, and what it is afterwards is noted down.
 * @throws GitError `git-failed`
 */
export async function changeStore(repository: Repository, change: Omit<RefChange, 'ref'>): Promise<void> {
  await guardStore(repository, storeRef);
  if (await commitFiles(repository, { ...change, ref: storeRef })) await keepStore(repository, storeRef);
}

/** Those of `files` that the tree of `tip` does not have yet, or has an older layout of. */
async function planStore(
  repository: Repository,
  tip: string | undefined,
  files: readonly StoreFile[],
): Promise<FileChange[]> {
  if (tip === undefined) return [...files];
  const changes: FileChange[] = [];
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    files.map(({ path }) => `${tip}:${path}`),
  )) {
    const file = files[index++];
    if (file === undefined || (bytes !== undefined && Buffer.from(file.bytes as Uint8Array).equals(bytes))) continue;
    if (bytes === undefined || newerOf({ path: file.path, bytes }, file) === file) changes.push(file);
  }
  return changes;
}

/** Of two files for one path: a layout's newer one by the time inside; of everything else the first. */
export function newerOf(first: StoreFile | undefined, second: StoreFile): StoreFile {
  if (first === undefined) return second;
  if (!second.path.startsWith('layouts/')) return first;
  return timeOf(second.bytes) > timeOf(first.bytes) ? second : first;
}

/** The `time` of a layout document; empty, which is older than any, where there is none to read. */
function timeOf(bytes: string | Uint8Array): string {
  const document = tryParseJson(Buffer.from(bytes as Uint8Array).toString('utf8'));
  const time = isObject(document) ? document.get('time') : undefined;
  return typeof time === 'string' ? time : '';
}

/** A document of the store; `undefined` where there is none. */
export async function readStore(
  repository: Repository,
  path: string,
  ref: string = storeRef,
): Promise<Buffer | undefined> {
  return readBlob(repository, `${ref}:${path}`);
}

/** Paths of all documents below a folder (`snapshots`, `layouts/ab`, or `''` for all); empty where there is none. */
export async function listStore(repository: Repository, folder: string, ref: string = storeRef): Promise<string[]> {
  const tip = await tipOf(repository, ref);
  if (tip === undefined) return [];
  return splitNul(
    await git(repository.top, [
      'ls-tree',
      '-r',
      '-z',
      '--name-only',
      tip,
      ...(folder === '' ? [] : ['--', `${folder}/`]),
    ]),
  );
}

/** As `listStore`, with the id of each document's blob. @throws GitError `git-failed` */
export async function storeBlobs(
  repository: Repository,
  folder: string,
  ref: string = storeRef,
): Promise<ReadonlyMap<string, string>> {
  if ((await tipOf(repository, ref)) === undefined) return new Map();
  const entries = splitNul(await git(repository.top, ['ls-tree', '-r', '-z', ref, '--', `${folder}/`]));
  const found = entries.map((entry) => /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry));
  return new Map(found.flatMap((parts) => (parts === null ? [] : [[parts[2] ?? '', parts[1] ?? ''] as const])));
}
