import { commitsHolding, type Holder } from '../git/history.js';
import { objectIds } from '../git/object-ids.js';
import { readObjects } from '../git/objects.js';
import { headCommit, type Repository } from '../git/repository.js';
import { type TrackedFile, workflowsAt } from '../git/tracked.js';
import { type FileVersion, recentVersions } from '../git/versions.js';

/** What git is asked for when the commits of runs are looked for, each question once: outputs that are taken in together mostly come from the same few commits. */
export interface History {
  /** Where HEAD is; absent before the first commit. */
  readonly head: () => Promise<string | undefined>;
  /** Whether git has the blob at all: of most pictures with a seed of their own it has none, and need not search for it. */
  readonly has: (blob: string) => Promise<boolean>;
  readonly committedAt: (commit: string) => Promise<readonly Committed[]>;
  /** Asks for the holders of many at once: one git for all of them. Of those that git has not there are none. */
  readonly lookUp: (blobs: readonly string[]) => Promise<void>;
  /** Commits that brought a blob in, the first one first. */
  readonly holders: (blob: string) => Promise<readonly Holder[]>;
  /** Versions before a commit of the workflows that it has, newest first. */
  readonly olderThan: (commit: string) => Promise<readonly Version[]>;
}

export interface Version extends FileVersion {
  readonly bytes: Buffer;
}

/** Older versions that are looked at for a run that no commit at hand matches: weeks of work. */
const mostOlderCommits = 100;

/** A workflow as a commit has it. */
export interface Committed extends TrackedFile {
  readonly bytes: Buffer;
}

/** Reads workflows of a commit. */
export async function readFiles(repository: Repository, files: readonly TrackedFile[]): Promise<Committed[]> {
  if (files.length === 0) return [];
  const found: Committed[] = [];
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    files.map(({ blob }) => blob),
  )) {
    const file = files[index++];
    if (file !== undefined && bytes !== undefined) found.push({ ...file, bytes });
  }
  return found;
}

/** Blob ids of `comfy.lock` at the commits of records, by commit; through one git. */
export async function locksAt(
  repository: Repository,
  records: readonly { readonly commit?: string }[],
): Promise<ReadonlyMap<string, string>> {
  const commits = [...new Set(records.flatMap(({ commit }) => commit ?? []))];
  const ids = await objectIds(
    repository,
    commits.map((commit) => `${commit}:comfy.lock`),
  );
  return new Map(commits.flatMap((commit, at) => (ids[at] === undefined ? [] : [[commit, ids[at]]])));
}

/**
 * @param blobs that will be asked about, as far as they are known
 */
export function rememberedHistory(repository: Repository, blobs: readonly string[]): History {
  const trees = new Map<string, Promise<readonly Committed[]>>();
  const holders = new Map<string, Promise<readonly Holder[]>>();
  const older = new Map<string, Promise<readonly Version[]>>();
  const committedAt = (commit: string) =>
    remembered(trees, commit, async () => readFiles(repository, await workflowsAt(repository, commit)));
  let present: Promise<ReadonlySet<string>> | undefined;
  const asked = new Set(blobs);
  let head: Promise<string | undefined> | undefined;
  const has = async (blob: string) => {
    present ??= presentOf(repository, asked);
    return !asked.has(blob) || (await present).has(blob);
  };
  return {
    head: () => {
      head ??= headCommit(repository);
      return head;
    },
    committedAt,
    has,
    async lookUp(blobs) {
      const fresh: string[] = [];
      for (const blob of new Set(blobs)) if (!holders.has(blob) && (await has(blob))) fresh.push(blob);
      if (fresh.length === 0) return;
      const found = await commitsHolding(repository, fresh);
      for (const blob of fresh) holders.set(blob, Promise.resolve(found.get(blob) ?? []));
    },
    holders: (blob) =>
      remembered(holders, blob, async () => (await commitsHolding(repository, [blob])).get(blob) ?? []),
    olderThan: (commit) =>
      remembered(older, commit, async () => readOlder(repository, commit, await committedAt(commit))),
  };
}

function remembered<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = kept.get(key) ?? make();
  kept.set(key, known);
  return known;
}

async function presentOf(repository: Repository, blobs: Iterable<string>): Promise<ReadonlySet<string>> {
  const present = new Set<string>();
  for await (const { spec, bytes } of readObjects(repository, blobs)) if (bytes !== undefined) present.add(spec);
  return present;
}

async function readOlder(repository: Repository, head: string, committed: readonly Committed[]): Promise<Version[]> {
  const paths = committed.map(({ path }) => path);
  const here = new Set(committed.map(({ blob }) => blob));
  const versions = (await recentVersions(repository, head, paths, mostOlderCommits)).filter(
    ({ blob }) => !here.has(blob),
  );
  const found: Version[] = [];
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    versions.map(({ blob }) => blob),
  )) {
    const version = versions[index++];
    if (version !== undefined && bytes !== undefined) found.push({ ...version, bytes });
  }
  return found;
}
