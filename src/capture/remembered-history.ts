import { gitMaybe } from '../git/exec.js';
import { commitsHoldingBlob, type Holder } from '../git/history.js';
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
  /** Commits that brought a blob in, the first one first. */
  readonly holders: (blob: string) => Promise<readonly Holder[]>;
  /** Versions before a commit of the workflows that it has, newest first. */
  readonly olderThan: (commit: string) => Promise<readonly Version[]>;
  /** Blob id of `comfy.lock` at a commit. */
  readonly lockAt: (commit: string) => Promise<string | undefined>;
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

/** Blob id of `comfy.lock` at a commit. */
export const lockAt = (repository: Repository, commit: string) =>
  gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}:comfy.lock`]).then(
    (id) => (id === '' ? undefined : id),
  );

/**
 * @param blobs that will be asked about, as far as they are known
 */
export function rememberedHistory(repository: Repository, blobs: readonly string[]): History {
  const trees = new Map<string, Promise<readonly Committed[]>>();
  const holders = new Map<string, Promise<readonly Holder[]>>();
  const older = new Map<string, Promise<readonly Version[]>>();
  const locks = new Map<string, Promise<string | undefined>>();
  const committedAt = (commit: string) =>
    remembered(trees, commit, async () => readFiles(repository, await workflowsAt(repository, commit)));
  let present: Promise<ReadonlySet<string>> | undefined;
  const asked = new Set(blobs);
  let head: Promise<string | undefined> | undefined;
  return {
    head: () => {
      head ??= headCommit(repository);
      return head;
    },
    committedAt,
    has: async (blob) => {
      present ??= presentOf(repository, asked);
      return !asked.has(blob) || (await present).has(blob);
    },
    holders: (blob) => remembered(holders, blob, () => commitsHoldingBlob(repository, blob)),
    olderThan: (commit) =>
      remembered(older, commit, async () => readOlder(repository, commit, await committedAt(commit))),
    lockAt: (commit) => remembered(locks, commit, () => lockAt(repository, commit)),
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
