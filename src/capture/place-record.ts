import { gitMaybe } from '../git/exec.js';
import { commitsHoldingBlob, type Holder, nearestHolder } from '../git/history.js';
import { readObjects } from '../git/objects.js';
import { headCommit, type Repository } from '../git/repository.js';
import { type TrackedFile, workflowsAt } from '../git/tracked.js';
import { recentVersions } from '../git/versions.js';
import { readSnapshot } from '../lineage/documents.js';
import type { Draft } from '../lineage/draft.js';
import type { RunRecord } from '../lineage/record.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { type CompareWithRun, comparerFor } from './compare-with-commit.js';
import { lockedWidgetNames } from './widget-names.js';

/** Where a run came from: a file at a commit, and how that was told. */
type Place = Pick<RunRecord, 'commit' | 'workflow' | 'match' | 'differs'>;

/** Older versions that are looked at for a run that no commit at hand matches: weeks of work. */
const mostOlderCommits = 100;

/**
 * Finds the commit of runs by the ladder of product.md. What a commit holds is read once for all of them.
 * A record without a commit comes back as it was: the repository has none yet.
 */
export function commitPlacer(repository: Repository, info?: ObjectInfo): (draft: Draft) => Promise<RunRecord> {
  const history = rememberedHistory(repository);
  return async (draft) => {
    const head = draft.head ?? (await headCommit(repository));
    if (head === undefined) return draft.record;
    const place = await findPlace(repository, draft, head, history, info);
    const lock = await lockAt(repository, place.commit ?? head);
    const inferred = draft.record.captured === 'embedded' ? ({ inferred: true } as const) : {};
    return { ...draft.record, ...place, ...(lock === undefined ? {} : { lock }), ...inferred };
  };
}

async function findPlace(
  repository: Repository,
  draft: Draft,
  head: string,
  history: History,
  info: ObjectInfo | undefined,
): Promise<Place> {
  const place =
    (await exactPlace(repository, draft, head, history)) ?? (await likePlace(repository, draft, head, history, info));
  if (place === undefined) return { commit: head, match: 'uncommitted' };
  // When an output that is taken in later was made, nothing says: at that time HEAD was anywhere.
  return draft.record.captured === 'embedded' ? atIntroduction(place, history) : place;
}

/** The commit whose tree has the normal form itself; of several the nearest ancestor of HEAD, else any that git has. */
async function exactPlace(
  repository: Repository,
  { record }: Draft,
  head: string,
  history: History,
): Promise<Place | undefined> {
  const blob = record.normal;
  if (blob === undefined) return undefined;
  const anywhere = record.captured === 'embedded' ? (await history.holders(blob))[0] : undefined;
  const holder = anywhere ?? (await nearestHolder(repository, blob, head));
  if (holder === undefined) return undefined;
  return { commit: holder.commit, workflow: { path: holder.path, blob }, match: 'exact' };
}

/** A commit that has the same workflow but for seeds, or else the most similar one of HEAD's tree. */
async function likePlace(
  repository: Repository,
  draft: Draft,
  head: string,
  history: History,
  info: ObjectInfo | undefined,
): Promise<Place | undefined> {
  const names = info === undefined && !repository.bare ? await lockedWidgetNames(repository.top) : undefined;
  const compare = comparerFor(readSnapshot(draft.snapshot), info, names);
  const committed = await history.committedAt(head);
  const here = bestPlace(head, committed, compare);
  if (here?.match === 'exact' || here?.match === 'seeds') return here;
  return (await olderPlace(repository, head, committed, compare)) ?? here;
}

/** The same workflow at the commit that brought it in. */
async function atIntroduction(place: Place, history: History): Promise<Place> {
  const { workflow } = place;
  if (workflow === undefined) return place;
  const holders = await history.holders(workflow.blob);
  const first = holders.find(({ path }) => path === workflow.path) ?? holders[0];
  return first === undefined ? place : { ...place, commit: first.commit, workflow: { ...workflow, path: first.path } };
}

/** Seeds are drawn anew at every queueing, so an older version is found by them; a derived one would only be a guess. */
async function olderPlace(
  repository: Repository,
  head: string,
  committed: readonly Committed[],
  compare: CompareWithRun,
): Promise<Place | undefined> {
  const paths = committed.map(({ path }) => path);
  const here = new Set(committed.map(({ blob }) => blob));
  const versions = (await recentVersions(repository, head, paths, mostOlderCommits)).filter(
    ({ blob }) => !here.has(blob),
  );
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    versions.map(({ blob }) => blob),
  )) {
    const version = versions[index++];
    const match = bytes === undefined ? undefined : compare(bytes);
    if (version === undefined || (match !== 'exact' && match !== 'seeds')) continue;
    return { commit: version.commit, workflow: { path: version.path, blob: version.blob }, match };
  }
  return undefined;
}

/** The best of what one commit holds: exact, seeds, then the one with the fewest other values. */
export function bestPlace(commit: string, committed: readonly Committed[], compare: CompareWithRun): Place | undefined {
  const places = committed.flatMap(({ path, blob, bytes }): Place[] => {
    const match = compare(bytes);
    if (match === undefined) return [];
    const found = { commit, workflow: { path, blob } };
    return [typeof match === 'string' ? { ...found, match } : { ...found, match: 'derived', differs: match.derived }];
  });
  return places.sort((a, b) => distance(a) - distance(b))[0];
}

const distance = ({ match, differs }: Place) =>
  match === 'exact' ? -2 : match === 'seeds' ? -1 : (differs?.length ?? 0);

/** A workflow as a commit has it. */
export interface Committed extends TrackedFile {
  readonly bytes: Buffer;
}

/** Reads the workflows of a commit; `only` leaves files out before they are read. */
export async function readCommitted(
  repository: Repository,
  commit: string,
  only: (file: TrackedFile) => boolean = () => true,
): Promise<Committed[]> {
  const files = (await workflowsAt(repository, commit)).filter(only);
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

/** What git was asked for already: outputs that are taken in together mostly come from the same few commits. */
interface History {
  readonly committedAt: (commit: string) => Promise<readonly Committed[]>;
  /** Commits that brought a blob in, the first one first. */
  readonly holders: (blob: string) => Promise<readonly Holder[]>;
}

function rememberedHistory(repository: Repository): History {
  const trees = new Map<string, Promise<readonly Committed[]>>();
  const holders = new Map<string, Promise<readonly Holder[]>>();
  return {
    committedAt: (commit) => remembered(trees, commit, () => readCommitted(repository, commit)),
    holders: (blob) => remembered(holders, blob, () => commitsHoldingBlob(repository, blob)),
  };
}

function remembered<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = kept.get(key) ?? make();
  kept.set(key, known);
  return known;
}
