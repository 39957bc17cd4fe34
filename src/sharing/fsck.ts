import { readRecordJournal } from '../capture/lineage-journal.js';
import { readLineage } from '../capture/read-lineage.js';
import { reachableCommits } from '../git/reachable.js';
import type { Repository } from '../git/repository.js';
import { joinRuns, type Run } from '../lineage/query.js';
import { checkStore } from './check-store.js';
import type { Fault } from './fault.js';
import { type Reattached, reattach } from './reattach.js';

export interface FsckResult {
  readonly records: number;
  readonly documents: number;
  readonly faults: readonly Fault[];
  /** Runs that have got a line on a commit of today's history. */
  readonly reattached: readonly Reattached[];
}

/**
 * Looks at every line, and at every document that a line points to. With `repair`, runs whose commit was rewritten away get a line on the
 * commit that has their workflow now; nothing is ever taken out.
 * @throws GitError `git-failed`
 */
export async function fsck(repository: Repository, repair: boolean): Promise<FsckResult> {
  const lineage = await readLineage(repository);
  const runs = joinRuns(lineage.records);
  const store = await checkStore(
    repository,
    lineage.records.map(({ record }) => record),
  );
  const lost = await lostRuns(repository, runs);
  const { reattached, left } = repair ? await reattach(repository, lost) : { reattached: [], left: lost };
  const faults: Fault[] = [
    ...lineage.skipped.map(({ commit, why }) => unreadable(commit, why)),
    ...(await readRecordJournal(repository)).damaged.map(damagedJournal),
    ...store.faults,
    ...left.map((run) => commitGone(run, repair)),
  ];
  return { records: lineage.records.length, documents: store.documents, faults, reattached };
}

/** Runs none of whose commits is in the history of anything any more. */
async function lostRuns(repository: Repository, runs: readonly Run[]): Promise<Run[]> {
  const reachable = await reachableCommits(repository);
  return runs.filter(({ best, others }) => {
    const homes = [best, ...others].flatMap(({ record, commits }) =>
      record.commit === undefined ? commits : [record.commit, ...commits],
    );
    return homes.length > 0 && !homes.some((commit) => reachable.has(commit));
  });
}

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
