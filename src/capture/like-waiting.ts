import type { Repository } from '../git/repository.js';
import { readSnapshot } from '../lineage/documents.js';
import type { LineIndex } from '../lineage/index/line-index.js';
import { waitingRuns } from '../lineage/index/waiting-runs.js';
import type { RunRecord } from '../lineage/record.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { comparePrompts } from '../workflow/match-prompt.js';
import { type Prompt, readPrompt } from '../workflow/prompt.js';
import { askIndex } from './index/open-index.js';
import { readWaiting } from './index/read-waiting.js';
import { digestsOfWaiting } from './index/waiting-digests.js';
import { readRecordJournal } from './lineage-journal.js';
import { readDocuments } from './read-documents.js';
import { digestsOfSnapshot } from './unseeded-digests.js';

/** Runs that wait are looked through from the newest on; of those that may be alike so many are read. */
const mostRuns = 500;
const mostAlike = 8;

/** A run that waits for a commit, and what it executed. */
interface Open {
  readonly record: RunRecord;
  readonly snapshot: string;
}

/**
 * Finds a recorded run that executed the same but for seeds and waits for a commit with its workflow; one of the journal, which waits for the first commit,
 * too.
 * @throws GitError `git-failed`
 */
export async function likeWaiting(repository: Repository, run: Snapshot): Promise<RunRecord | undefined> {
  const digest = digestsOfSnapshot(run).prompt;
  if (digest === undefined) return undefined;
  const prompt = readPrompt(run.prompt);
  const journalled = await openInJournal(repository, digest);
  const open = [...journalled, ...(await askIndex(repository, (index) => openInNotes(repository, index, digest)))];
  return open.find((one) => isLike(one, prompt))?.record;
}

const isLike = ({ snapshot }: Open, prompt: Prompt) =>
  ['exact', 'seeds'].includes(String(comparePrompts(readPrompt(readSnapshot(snapshot).prompt), prompt)));

async function openInJournal(repository: Repository, digest: string): Promise<Open[]> {
  const { waiting } = await readRecordJournal(repository);
  return waiting
    .map(({ draft: { record, snapshot } }) => ({ record, snapshot }))
    .filter(({ snapshot }) => digestsOfSnapshot(snapshot).prompt === digest);
}

async function openInNotes(repository: Repository, index: LineIndex, digest: string): Promise<Open[]> {
  const newest = waitingRuns(index).slice(0, mostRuns);
  const digests = await digestsOfWaiting(repository, index, newest);
  const alike = newest.filter(({ document }) => digests.get(document)?.prompt === digest).slice(0, mostAlike);
  if (alike.length === 0) return [];
  const records = (await readWaiting(repository, index, alike)).map(({ best }) => best.record);
  const open: Open[] = [];
  const ids = records.map(({ snapshot }) => snapshot);
  for await (const { index: at, text } of readDocuments(repository, 'snapshot', ids)) {
    const record = records[at];
    if (record !== undefined && text !== undefined) open.push({ record, snapshot: text });
  }
  return open;
}
