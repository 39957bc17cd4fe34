import { damagedLayoutFiles } from '../capture/damaged-layouts.js';
import { journalFolder } from '../capture/layout-journal.js';
import { readRecordJournal } from '../capture/lineage-journal.js';
import { readLineage } from '../capture/read-lineage.js';
import { guardStore } from '../git/kept-store.js';
import { commitsThere, isShallow, reachableCommits } from '../git/reachable.js';
import type { Repository } from '../git/repository.js';
import { storeRef } from '../git/store.js';
import type { Lineage } from '../lineage/lineage.js';
import { joinRuns, type Run } from '../lineage/query.js';
import { checkLinks } from './check-links.js';
import { checkStore } from './check-store.js';
import type { Fault } from './fault.js';
import { leftLocks, lockLeft, removeLocks } from './left-locks.js';
import { type Reattached, reattach } from './reattach.js';
import { restoreDocuments } from './restore-documents.js';

export interface FsckResult {
  readonly records: number;
  readonly documents: number;
  readonly faults: readonly Fault[];
  /** Runs that have got a line on a commit of today's history. */
  readonly reattached: readonly Reattached[];
  /** How many documents came back: out of the history of the store, or what was noted down of it. */
  readonly restored: number;
}

/**
 * Looks at every line, at every document that a line points to, and at every record that another names. With `repair`, documents come back out of the
 * history of the store, runs whose commit was rewritten away get a line on the commit that has their workflow now, and locks that a killed git has left go;
 * nothing of lineage is ever taken out.
 * @throws GitError `git-failed`
 */
export async function fsck(repository: Repository, repair: boolean, now: Date = new Date()): Promise<FsckResult> {
  const locks = await leftLocks(repository, now);
  if (repair) await removeLocks(locks);
  const guarded = repair ? await guardStore(repository, storeRef) : 0;
  const lineage = await readLineage(repository);
  const { store, restored } = await checkDocuments(repository, lineage, repair);
  const lost = await lostRuns(repository, joinRuns(lineage.records));
  const { reattached, left } = repair ? await reattach(repository, lost) : { reattached: [], left: lost };
  const faults: Fault[] = [
    ...(repair ? [] : locks.map(lockLeft)),
    // What others have written into the same notes is theirs.
    ...lineage.skipped.flatMap(({ commit, reason, why }) => (reason === 'unknown' ? [] : [unreadable(commit, why)])),
    ...(await readRecordJournal(repository)).damaged.map(damagedJournal),
    ...damagedLayoutFiles(journalFolder(repository)).map(damagedJournal),
    ...store.faults,
    ...checkLinks(lineage),
    ...left.map((run) => commitGone(run, repair)),
  ];
  return {
    records: lineage.records.length,
    documents: store.documents,
    faults,
    reattached,
    restored: restored.length + guarded,
  };
}

async function checkDocuments(repository: Repository, { records }: Lineage, repair: boolean) {
  const look = () =>
    checkStore(
      repository,
      records.map(({ record }) => record),
    );
  const store = await look();
  const restored = repair ? await restoreDocuments(repository, store.broken) : [];
  return { store: restored.length > 0 ? await look() : store, restored };
}

/** Runs none of whose commits is in the history of anything any more. */
async function lostRuns(repository: Repository, runs: readonly Run[]): Promise<Run[]> {
  const reachable = await reachableCommits(repository);
  const lost = runs.filter((run) => homesOf(run).length > 0 && !homesOf(run).some((commit) => reachable.has(commit)));
  // Of commits that a shallow clone does not have nobody can say whether a branch leads to them.
  if (lost.length === 0 || !(await isShallow(repository))) return lost;
  const there = await commitsThere(repository, lost.flatMap(homesOf));
  return lost.filter((run) => homesOf(run).every((commit) => there.has(commit)));
}

const homesOf = ({ best, others }: Run): string[] =>
  [best, ...others].flatMap(({ record, commits }) =>
    record.commit === undefined ? commits : [record.commit, ...commits],
  );

const unreadable = (commit: string | undefined, why: string): Fault => ({
  code: 'line-unreadable',
  subject: commit ?? 'journal',
  text: `a line of lineage${commit === undefined ? '' : ` on ${commit.slice(0, 10)}`} cannot be read: ${why}`,
});

const damagedJournal = (name: string): Fault => ({
  code: 'journal-damaged',
  subject: name,
  text: `the journal file ${name} cannot be read; it is left where it is`,
});

function commitGone({ best }: Run, repaired: boolean): Fault {
  const { commit = '', outputs } = best.record;
  const what = outputs[0]?.name ?? 'a run without output';
  return {
    code: 'commit-gone',
    subject: commit,
    text: `${what}: its commit ${commit.slice(0, 10)} is in no branch any more${repaired ? ', and no commit has its workflow' : ''}`,
    ...(repaired ? {} : { hint: 'git comfy fsck --repair' }),
  };
}
