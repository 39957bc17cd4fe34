import { InputError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import { readSnapshot } from '../lineage/documents.js';
import type { LineIndex } from '../lineage/index/line-index.js';
import type { WaitingRun } from '../lineage/index/waiting-runs.js';
import type { Run } from '../lineage/query.js';
import type { RunRecord } from '../lineage/record.js';
import { longTextsDigest } from '../workflow/long-texts.js';
import { comparerFor, documentIn } from './compare-with-commit.js';
import { readWaiting } from './index/read-waiting.js';
import { type RunTexts, textsOfWaiting } from './index/waiting-texts.js';
import { bestPlace } from './place-record.js';
import { readDocuments } from './read-documents.js';
import type { Committed } from './remembered-history.js';

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
  const digests = new Set(changed.flatMap(digestOf));
  if (digests.size === 0) return [];
  const newest = waiting.slice(0, mostCompared);
  const texts = await textsOfWaiting(repository, index, newest);
  const like = newest.filter(({ document }) => namesOf(texts.get(document)).some((name) => digests.has(name)));
  const lines: RunRecord[] = [];
  if (like.length === 0) return lines;
  const runs = await readWaiting(repository, index, like);
  const ids = runs.map(({ best }) => best.record.snapshot);
  for await (const { index: at, text } of readDocuments(repository, 'snapshot', ids)) {
    const run = runs[at];
    const place = run && text !== undefined ? bestPlace(commit, changed, comparerFor(readSnapshot(text))) : undefined;
    if (run !== undefined && place !== undefined && place.match !== 'derived') lines.push(linkedLine(run, place));
  }
  return lines;
}

/** The line of a run at another commit. */
export function linkedLine({ best }: Run, place: Pick<RunRecord, 'commit' | 'workflow' | 'match'>): RunRecord {
  const { differs: _, lock: __, ...record } = best.record;
  return { ...record, ...place, time: new Date().toISOString() };
}

/** A committed file that is damaged is where no run came from. */
function digestOf({ bytes }: Committed): string[] {
  try {
    const document = documentIn(bytes);
    if (document === undefined) return [];
    return 'prompt' in document
      ? namesOf({ prompt: longTextsDigest(document.prompt) })
      : namesOf({ workflow: longTextsDigest(document.workflow) });
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

/** What ran is compared with a committed prompt, what was embedded with a committed workflow. */
const namesOf = ({ prompt, workflow }: RunTexts = {}) => [
  ...(prompt === undefined ? [] : [`prompt ${prompt}`]),
  ...(workflow === undefined ? [] : [`workflow ${workflow}`]),
];
