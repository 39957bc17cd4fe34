import { addLineage } from '../git/lineage-lines.js';
import { headCommit, type Repository } from '../git/repository.js';
import { putStore, type StoreFile } from '../git/store.js';
import type { Draft } from '../lineage/draft.js';
import type { LineageLine } from '../lineage/lineage.js';
import { answer, type Question } from '../lineage/question.js';
import type { RunRecord } from '../lineage/record.js';
import { recordId, writeRecord } from '../lineage/record-line.js';
import { documentPath } from '../lineage/stored-document.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { draftRecord } from './draft-record.js';
import { followIds } from './follow-ids.js';
import { lineageAbout } from './lineage-about.js';
import { forgetDraft, journalDraft, type Waiting } from './lineage-journal.js';
import { placeRecords } from './place-record.js';
import type { RunFacts } from './run-facts.js';
import { linkToMaker } from './served-from-cache.js';

export type { OutputFacts, RunFacts } from './run-facts.js';

export interface RecordedRun {
  readonly id: string;
  readonly record: RunRecord;
  /** The server took all of it from its cache: this is the record of the run that made it, and no new one was written. */
  readonly alreadyRecorded?: true;
}

/**
 * Records a run: finds its commit, puts snapshot and state into the store and the line into the notes. From the first step on a crash loses
 * nothing, `foldRecords` finishes what was begun. Before the first commit the record waits in the journal.
 * @throws InputError `not-a-prompt`; GitError `git-failed`
 */
export async function recordRun(repository: Repository, facts: RunFacts): Promise<RecordedRun> {
  const [recorded] = await recordRuns(repository, [facts]);
  return recorded as RecordedRun;
}

/** As `recordRun`, for many at once: one commit to each ref. Results are in the order of `facts`. */
export async function recordRuns(repository: Repository, facts: readonly RunFacts[]): Promise<RecordedRun[]> {
  const results = new Map<number, RecordedRun>();
  const journalled = new Map<number, Promise<Waiting>>();
  // What one of them made, a later one may have taken from the cache.
  const fresh: LineageLine[] = [];
  const ask = async (question: Question) => {
    const { records } = await lineageAbout(repository, question);
    return answer([...records, ...fresh], question);
  };
  try {
    for (const [index, run] of facts.entries()) {
      const draft = draftRecord(repository, await withHead(repository, run), new Date());
      const linked = await linkToMaker(draft, run.cached ?? [], ask);
      if ('alreadyRecorded' in linked) {
        results.set(index, linked);
      } else {
        // One that names another one of them is not to be there without it.
        if (linked.record.cachedFrom !== undefined) await Promise.all(journalled.values());
        // The disk takes its time to say that it is there, and meanwhile the next one is drafted.
        journalled.set(index, journalDraft(repository, linked));
        fresh.push({ text: writeRecord(linked.record) });
        if (journalled.size % atOnce === 0) await Promise.all(journalled.values());
      }
    }
  } finally {
    await Promise.allSettled(journalled.values());
  }
  const waiting = await Promise.all(journalled.values());
  const records = await settle(repository, waiting, facts.find(({ info }) => info !== undefined)?.info);
  const byDraft = new Map<string, RecordedRun>();
  for (const [at, index] of [...journalled.keys()].entries()) {
    const record = records[at] as RunRecord;
    const recorded = { id: recordId(writeRecord(record)), record };
    results.set(index, recorded);
    byDraft.set(writeRecord((waiting[at] as Waiting).draft.record), recorded);
  }
  return facts.map((_, index) => atItsCommit(results.get(index) as RecordedRun, byDraft));
}

/** Where all came from the cache of a run that was recorded just now, that one's commit was not known yet when it was named. */
const atItsCommit = (run: RecordedRun, byDraft: ReadonlyMap<string, RecordedRun>): RecordedRun =>
  run.alreadyRecorded === true ? { ...run, ...byDraft.get(writeRecord(run.record)) } : run;

/** So many files of the journal are written at once. */
const atOnce = 32;

async function withHead(repository: Repository, facts: RunFacts): Promise<RunFacts> {
  if (facts.head !== undefined || facts.captured !== 'run') return facts;
  const head = await headCommit(repository);
  return head === undefined ? facts : { ...facts, head };
}

/** Puts journalled runs into the refs, then takes them out of the journal; those without any commit to stand on go on waiting. */
export async function settle(
  repository: Repository,
  waiting: readonly Waiting[],
  info?: ObjectInfo,
): Promise<RunRecord[]> {
  const drafts = waiting.map(({ draft }) => draft);
  const placed = await placeRecords(repository, drafts, info);
  const records = followIds(drafts.map((draft, at) => ({ draft, record: placed[at] as RunRecord })));
  const settled = waiting.flatMap(({ name, draft }, at) => {
    const record = records[at];
    return record?.commit === undefined ? [] : [{ name, draft, record, commit: record.commit }];
  });
  // The store first: a line must never point to what is not there.
  await putStore(
    repository,
    settled.flatMap(({ draft }) => documentsOf(draft)),
  );
  await addLineage(
    repository,
    settled.map(({ record, commit }) => ({ commit, line: writeRecord(record) })),
  );
  // The last one first: what names another one of them must not be left to be settled without it.
  for (const { name } of settled.toReversed()) await forgetDraft(repository, name);
  return records;
}

function documentsOf({ record, snapshot, state }: Draft): StoreFile[] {
  const files: StoreFile[] = [{ path: documentPath('snapshot', record.snapshot), bytes: snapshot }];
  if (record.state !== undefined && state !== undefined) {
    files.push({ path: documentPath('state', record.state), bytes: state });
  }
  return files;
}
