import type { Repository } from '../git/repository.js';
import { readSnapshot } from '../lineage/documents.js';
import type { LineIndex } from '../lineage/index/line-index.js';
import type { WaitingRun } from '../lineage/index/waiting-runs.js';
import type { Run } from '../lineage/query.js';
import type { RunRecord } from '../lineage/record.js';
import { frontendId } from '../workflow/frontend-id.js';
import { comparerFor } from './compare-with-commit.js';
import { readWaiting } from './index/read-waiting.js';
import { digestsOfWaiting } from './index/waiting-digests.js';
import { bestPlace } from './place-record.js';
import { readDocuments } from './read-documents.js';
import type { Committed } from './remembered-history.js';
import { digestsOfCommitted, mayBeOf, type UnseededDigests } from './unseeded-digests.js';

/** Waiting runs that are compared with a new commit, newest first. */
const mostCompared = 500;

/** Lines of the runs that have the workflow of a file but for seeds; `changed` are the files that the commit brought in. */
export async function seedLines(
  repository: Repository,
  index: LineIndex,
  commit: string,
  waiting: readonly WaitingRun[],
  changed: readonly Committed[],
): Promise<RunRecord[]> {
  if (changed.length === 0) return [];
  const newest = waiting.slice(0, mostCompared);
  const digests = await digestsOfWaiting(repository, index, newest);
  const committed = changed.map(({ bytes }) => digestsOfCommitted(bytes));
  const like = newest.filter(({ document }) => {
    const run = digests.get(document);
    // Nothing is converted here: the nodes of an earlier run are not asked about.
    const comparable = (file: UnseededDigests) => file.prompt !== undefined || run?.workflow !== undefined;
    return run !== undefined && committed.some((file) => comparable(file) && mayBeOf(run, file));
  });
  const lines: RunRecord[] = [];
  if (like.length === 0) return lines;
  const runs = await readWaiting(repository, index, like);
  const ids = runs.map(({ best }) => best.record.snapshot);
  for await (const { index: at, text } of readDocuments(repository, 'snapshot', ids)) {
    const run = runs[at];
    const snapshot = text === undefined ? undefined : readSnapshot(text);
    if (run === undefined || snapshot === undefined) continue;
    const place = bestPlace(commit, changed, comparerFor(snapshot), frontendId(snapshot.workflow));
    if (place !== undefined && place.match !== 'derived') lines.push(linkedLine(run, place));
  }
  return lines;
}

/** The line of a run at another commit. */
export function linkedLine({ best }: Run, place: Pick<RunRecord, 'commit' | 'workflow' | 'match'>): RunRecord {
  const { differs: _, lock: __, ...record } = best.record;
  return { ...record, ...place, time: new Date().toISOString() };
}
