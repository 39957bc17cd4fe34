import { nearestHolder } from '../git/history.js';
import type { Repository } from '../git/repository.js';
import { readSnapshot } from '../lineage/documents.js';
import type { Draft } from '../lineage/draft.js';
import { matchOrder } from '../lineage/query.js';
import type { RunRecord } from '../lineage/record.js';
import { frontendId } from '../workflow/frontend-id.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import type { PromptMatch } from '../workflow/match-prompt.js';
import type { WidgetNames } from '../workflow/node-values.js';
import { type CompareWithRun, comparerFor, documentIn } from './compare-with-commit.js';
import { type Committed, type History, locksAt, rememberedHistory, type Version } from './remembered-history.js';
import { digestsOfCommitted, digestsOfSnapshot, mayBeOf } from './unseeded-digests.js';
import { lockedWidgetNames } from './widget-names.js';

/** Where a run came from: a file at a commit, and how that was told. */
type Place = Pick<RunRecord, 'commit' | 'workflow' | 'match' | 'differs'>;

/**
 * Finds the commits of runs by the ladder of product.md, as records in their order. What git knows is asked once for all of them: outputs that are taken in
 * together are many, and mostly come from the same few commits.
 * A record without a commit comes back as it was: the repository has none yet.
 */
export async function placeRecords(
  repository: Repository,
  drafts: readonly Draft[],
  info?: ObjectInfo,
): Promise<RunRecord[]> {
  const history = historyFor(repository, drafts);
  const find = finderIn(repository, history, info);
  await history.lookUp(drafts.filter(isInferred).flatMap(({ record }) => record.normal ?? []));
  const found: (Place | undefined)[] = [];
  for (const draft of drafts) found.push(await find(draft));
  const inferred = found.flatMap((place, at) => (isInferred(drafts[at] as Draft) ? (place?.workflow?.blob ?? []) : []));
  await history.lookUp(inferred);
  const records: RunRecord[] = [];
  for (const [at, draft] of drafts.entries()) records.push(await placed(draft, found[at], history));
  const locks = await locksAt(repository, records);
  return records.map((record) => {
    const lock = locks.get(record.commit ?? '');
    return lock === undefined ? record : { ...record, lock };
  });
}

async function placed({ record, ...draft }: Draft, place: Place | undefined, history: History): Promise<RunRecord> {
  if (place === undefined) return record;
  if (!isInferred({ record, ...draft })) return { ...record, ...place };
  // When an output that is taken in later was made, nothing says: at that time HEAD was anywhere.
  return { ...record, ...(await atIntroduction(place, history)), inferred: true };
}

/**
 * Tells of runs where they are, as HEAD sees it; nothing before the first commit.
 * @param drafts the runs that will be asked about, as far as they are known
 */
export function placeFinder(
  repository: Repository,
  info: ObjectInfo | undefined,
  drafts: readonly Draft[],
): (draft: Draft) => Promise<Place | undefined> {
  return finderIn(repository, historyFor(repository, drafts), info);
}

const historyFor = (repository: Repository, drafts: readonly Draft[]) =>
  rememberedHistory(
    repository,
    drafts.flatMap(({ record }) => record.normal ?? []),
  );

function finderIn(repository: Repository, history: History, info: ObjectInfo | undefined) {
  let names: Promise<WidgetNames | undefined> | undefined;
  const known: Interfaces = {
    info,
    names: () => {
      names ??= info === undefined && !repository.bare ? lockedWidgetNames(repository.top) : Promise.resolve(undefined);
      return names;
    },
  };
  return async (draft: Draft): Promise<Place | undefined> => {
    const head = draft.head ?? (await history.head());
    return head === undefined ? undefined : findPlace(repository, draft, head, history, known);
  };
}

/** What is known of nodes: from a server, else from the lock. */
interface Interfaces {
  readonly info: ObjectInfo | undefined;
  readonly names: () => Promise<WidgetNames | undefined>;
}

/** Of a run that is taken in later, where HEAD was at its time is often not known. */
const isInferred = ({ record, head }: Draft) => record.captured !== 'run' && head === undefined;

async function findPlace(
  repository: Repository,
  draft: Draft,
  head: string,
  history: History,
  known: Interfaces,
): Promise<Place> {
  const place = (await exactPlace(repository, draft, head, history)) ?? (await likePlace(draft, head, history, known));
  return place ?? { commit: head, match: 'uncommitted' };
}

/** The commit whose tree has the normal form itself; of several the nearest ancestor of HEAD, else any that git has. */
async function exactPlace(
  repository: Repository,
  draft: Draft,
  head: string,
  history: History,
): Promise<Place | undefined> {
  const blob = draft.record.normal;
  if (blob === undefined || !(await history.has(blob))) return undefined;
  const anywhere = isInferred(draft) ? (await history.holders(blob))[0] : undefined;
  const holder = anywhere ?? (await nearestHolder(repository, blob, head));
  if (holder === undefined) return undefined;
  return { commit: holder.commit, workflow: { path: holder.path, blob }, match: 'exact' };
}

/** A commit that has the same workflow but for seeds, or else the most similar one of HEAD's tree. */
async function likePlace(
  draft: Draft,
  head: string,
  history: History,
  { info, names }: Interfaces,
): Promise<Place | undefined> {
  const run = readSnapshot(draft.snapshot);
  const compare = comparerFor(run, info, await names());
  const committed = await history.committedAt(head);
  const digests = digestsOfSnapshot(run);
  const isLike = ({ bytes }: Committed | Version) => mayBeOf(digests, digestsOfCommitted(bytes));
  const best = (among: readonly Committed[]) => bestPlace(head, among, compare, frontendId(run.workflow));
  const here = best(committed.filter(isLike));
  if (here?.match === 'exact' || here?.match === 'seeds') return here;
  return olderPlace((await history.olderThan(head)).filter(isLike), compare) ?? best(committed);
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
function olderPlace(versions: readonly Version[], compare: CompareWithRun): Place | undefined {
  for (const { commit, path, blob, bytes } of versions) {
    const match = compare(bytes);
    if (match === 'exact' || match === 'seeds') return { commit, workflow: { path, blob }, match };
  }
  return undefined;
}

/**
 * The best of what one commit holds: exact, seeds, then derived; of several the one that has the id of what ran (copies of one workflow share nodes and
 * links), then the one with the fewest other values.
 * @param id `frontendId` of the workflow that ran
 */
export function bestPlace(
  commit: string,
  committed: readonly Committed[],
  compare: CompareWithRun,
  id?: string,
): Place | undefined {
  const places = committed.flatMap(({ path, blob, bytes }) => {
    const match = compare(bytes);
    return match === undefined ? [] : [{ path, blob, bytes, match }];
  });
  const isOther = ({ bytes }: { readonly bytes: Uint8Array }) => Number(id !== undefined && idOf(bytes) !== id);
  const [best] = places.sort(
    (a, b) => rank(a.match) - rank(b.match) || isOther(a) - isOther(b) || distance(a.match) - distance(b.match),
  );
  if (best === undefined) return undefined;
  const { path, blob, match } = best;
  const found = { commit, workflow: { path, blob } };
  return typeof match === 'string' ? { ...found, match } : { ...found, match: 'derived', differs: match.derived };
}

/** Of a file that was compared, so it can be read. */
function idOf(bytes: Uint8Array): string | undefined {
  const document = documentIn(bytes);
  return document !== undefined && 'workflow' in document ? frontendId(document.workflow.source) : undefined;
}

const rank = (match: PromptMatch) => matchOrder.indexOf(typeof match === 'string' ? match : 'derived');
const distance = (match: PromptMatch) => (typeof match === 'string' ? 0 : match.derived.length);
