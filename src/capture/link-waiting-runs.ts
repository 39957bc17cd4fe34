import { addLineage } from '../git/lineage-lines.js';
import type { Repository } from '../git/repository.js';
import { blobsOfParent, type FileEntry, filesAt, type TrackedFile, workflowsAmong } from '../git/tracked.js';
import type { LineIndex } from '../lineage/index/line-index.js';
import { type WaitingRun, waitingRuns, waitingWith } from '../lineage/index/waiting-runs.js';
import { type Run, runKey } from '../lineage/query.js';
import type { RunRecord } from '../lineage/record.js';
import { writeRecord } from '../lineage/record-line.js';
import { foldRecords } from './fold-records.js';
import { askIndex } from './index/open-index.js';
import { readWaiting } from './index/read-waiting.js';
import { linkedLine, seedLines } from './link-by-seeds.js';
import { locksAt, readFiles } from './remembered-history.js';

/**
 * Gives runs whose workflow no commit held (uncommitted, derived) a further line, with the same prompt id, on the commit that holds it now: as
 * it is, or but for seeds. Returns how many runs were linked. Once linked a run waits no more, so doing it twice adds nothing.
 * @throws GitError `git-failed`
 */
export async function linkWaitingRuns(repository: Repository, commit: string): Promise<number> {
  await foldRecords(repository);
  return write(repository, commit, await askIndex(repository, (index) => linesFor(repository, index, commit)));
}

async function linesFor(repository: Repository, index: LineIndex, commit: string): Promise<RunRecord[]> {
  const waiting = waitingRuns(index);
  if (waiting.length === 0) return [];
  const [files, before] = await Promise.all([filesAt(repository, commit), blobsOfParent(repository, commit)]);
  const same = await runsOf(repository, index, waiting, files);
  const normals = new Set(same.map(normalOf));
  // Of all others git need not say what they are.
  const asked = files.filter(({ blob }) => normals.has(blob) || !before.has(blob));
  const workflows = await workflowsAmong(repository, asked);
  const exact = exactLines(commit, same, workflows);
  const changed = await readFiles(
    repository,
    workflows.filter(({ blob }) => !before.has(blob)),
  );
  const like = await seedLines(repository, index, commit, waiting, changed);
  const done = new Set(exact.map(runKey));
  return [...exact, ...like.filter((line) => !done.has(runKey(line)))];
}

const normalOf = ({ best }: Run) => best.record.normal ?? '';

/** The runs that embedded one of these files. */
async function runsOf(
  repository: Repository,
  index: LineIndex,
  waiting: readonly WaitingRun[],
  files: readonly FileEntry[],
): Promise<Run[]> {
  const blobs = new Set(files.map(({ blob }) => blob));
  const runs = await readWaiting(repository, index, waitingWith(index, waiting, blobs));
  return runs.filter((run) => blobs.has(normalOf(run)));
}

function exactLines(commit: string, runs: readonly Run[], workflows: readonly TrackedFile[]): RunRecord[] {
  const byBlob = new Map(workflows.map((file) => [file.blob, file]));
  return runs.flatMap((run) => {
    const file = byBlob.get(normalOf(run));
    if (file === undefined) return [];
    return [linkedLine(run, { commit, workflow: { path: file.path, blob: file.blob }, match: 'exact' })];
  });
}

async function write(repository: Repository, commit: string, lines: readonly RunRecord[]): Promise<number> {
  if (lines.length === 0) return 0;
  const lock = (await locksAt(repository, lines)).get(commit);
  const texts = lines.map((line) => writeRecord(lock === undefined ? line : { ...line, lock }));
  await addLineage(
    repository,
    texts.map((line) => ({ commit, line })),
  );
  return lines.length;
}
