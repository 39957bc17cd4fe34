import type { Repository } from '../git/repository.js';
import { readSnapshot } from '../lineage/documents.js';
import { waitingRuns } from '../lineage/index/waiting-runs.js';
import type { RunRecord } from '../lineage/record.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { comparePrompts } from '../workflow/match-prompt.js';
import { type Prompt, readPrompt } from '../workflow/prompt.js';
import { openIndex } from './index/open-index.js';
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
 * Finds a recorded run that executed the same but for seeds and waits for a commit with its workflow; what lineage holds is looked up once.
 * @throws GitError `git-failed`
 */
export function likeWaiting(repository: Repository): (run: Snapshot) => Promise<RunRecord | undefined> {
  let opened: Promise<(digest: string) => Promise<Open[]>> | undefined;
  return async (run) => {
    const digest = digestsOfSnapshot(run).prompt;
    if (digest === undefined) return undefined;
    opened ??= openRuns(repository);
    const prompt = readPrompt(run.prompt);
    return (await (await opened)(digest)).find((open) => isLike(open, prompt))?.record;
  };
}

const isLike = ({ snapshot }: Open, prompt: Prompt) =>
  ['exact', 'seeds'].includes(String(comparePrompts(readPrompt(readSnapshot(snapshot).prompt), prompt)));

/** By the digest of the prompt; runs of the journal, which wait for the first commit, are among them. */
async function openRuns(repository: Repository): Promise<(digest: string) => Promise<Open[]>> {
  const { waiting } = await readRecordJournal(repository);
  const index = await openIndex(repository);
  const newest = waitingRuns(index).slice(0, mostRuns);
  const digests = await digestsOfWaiting(repository, index, newest);
  return async (digest) => {
    const drafts = waiting.filter(({ draft }) => digestsOfSnapshot(draft.snapshot).prompt === digest);
    const alike = newest.filter(({ document }) => digests.get(document)?.prompt === digest).slice(0, mostAlike);
    const records = (await readWaiting(repository, index, alike)).map(({ best }) => best.record);
    const ids = records.map(({ snapshot }) => snapshot);
    const open: Open[] = drafts.map(({ draft }) => ({ record: draft.record, snapshot: draft.snapshot }));
    if (ids.length === 0) return open;
    for await (const { index: at, text } of readDocuments(repository, 'snapshot', ids)) {
      const record = records[at];
      if (record !== undefined && text !== undefined) open.push({ record, snapshot: text });
    }
    return open;
  };
}
