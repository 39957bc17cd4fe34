import { git, gitMaybe, splitNul } from '../git/exec.js';
import { addLineage } from '../git/lineage-lines.js';
import type { Repository } from '../git/repository.js';
import { readSnapshot } from '../lineage/documents.js';
import { isWaiting, joinRuns, type Run, startOf } from '../lineage/query.js';
import type { RunRecord } from '../lineage/record.js';
import { writeRecord } from '../lineage/record-line.js';
import { comparerFor } from './compare-with-commit.js';
import { foldRecords } from './fold-records.js';
import { lineageAbout } from './lineage-about.js';
import { bestPlace } from './place-record.js';
import { readDocuments } from './read-documents.js';
import { type Committed, lockAt, readCommitted } from './remembered-history.js';

/** Waiting runs that are compared value by value with a new commit, newest first; equal normal forms are found without limit. */
const mostCompared = 500;

/**
 * Gives runs whose workflow no commit held (uncommitted, derived) a further line, with the same prompt id, on the commit that holds it now: as
 * it is, or but for seeds. Returns how many runs were linked. Once linked a run waits no more, so doing it twice adds nothing.
 * @throws GitError `git-failed`
 */
export async function linkWaitingRuns(repository: Repository, commit: string): Promise<number> {
  await foldRecords(repository);
  const waiting = await waitingRuns(repository);
  if (waiting.length === 0) return 0;
  const committed = await readCommitted(repository, commit);
  const byBlob = new Map(committed.map((file) => [file.blob, file]));
  const lines: RunRecord[] = [];
  const rest: Run[] = [];
  for (const run of waiting) {
    const file = byBlob.get(run.best.record.normal ?? '');
    if (file === undefined) rest.push(run);
    else lines.push(linked(run, { commit, workflow: { path: file.path, blob: file.blob }, match: 'exact' }));
  }
  lines.push(...(await linkBySeeds(repository, commit, rest, await changedBy(repository, commit, committed))));
  const lock = await lockAt(repository, commit);
  const texts = lines.map((line) => writeRecord(lock === undefined ? line : { ...line, lock }));
  await addLineage(
    repository,
    texts.map((line) => ({ commit, line })),
  );
  return lines.length;
}

async function waitingRuns(repository: Repository): Promise<Run[]> {
  const { records } = await lineageAbout(repository, { waiting: true });
  return joinRuns(records).filter(isWaiting);
}

async function linkBySeeds(
  repository: Repository,
  commit: string,
  runs: readonly Run[],
  changed: readonly Committed[],
): Promise<RunRecord[]> {
  if (changed.length === 0) return [];
  const newest = [...runs]
    .sort((a, b) => startOf(b.best.record).localeCompare(startOf(a.best.record)))
    .slice(0, mostCompared);
  const lines: RunRecord[] = [];
  const ids = newest.map(({ best }) => best.record.snapshot);
  for await (const { index, text } of readDocuments(repository, 'snapshot', ids)) {
    const run = newest[index];
    const place = run && text !== undefined ? bestPlace(commit, changed, comparerFor(readSnapshot(text))) : undefined;
    if (run !== undefined && place !== undefined && place.match !== 'derived') lines.push(linked(run, place));
  }
  return lines;
}

function linked({ best }: Run, place: Pick<RunRecord, 'commit' | 'workflow' | 'match'>): RunRecord {
  const { differs: _, lock: __, ...record } = best.record;
  return { ...record, ...place, time: new Date().toISOString() };
}

/** Of the commit's workflows those that its first parent does not have as they are. */
async function changedBy(
  repository: Repository,
  commit: string,
  committed: readonly Committed[],
): Promise<Committed[]> {
  const parent = await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', `${commit}^`]);
  if (parent === undefined || parent === '') return [...committed];
  const entries = splitNul(await git(repository.top, ['ls-tree', '-r', '-z', parent]));
  const before = new Set(entries.map((entry) => entry.split(/[ \t]/, 3)[2] ?? ''));
  return committed.filter(({ blob }) => !before.has(blob));
}
