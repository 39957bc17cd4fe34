import { readRecordJournal } from '../capture/lineage-journal.js';
import { headCommit, type Repository } from '../git/repository.js';

/** What is in the journal and not yet in the refs. */
export interface WaitingRecords {
  readonly runs: number;
  readonly outputs: number;
  /** Files of the journal that cannot be read. */
  readonly damaged: number;
  /** There is no commit yet on which they could stand. */
  readonly forFirstCommit: boolean;
}

export async function waitingRecords(repository: Repository): Promise<WaitingRecords> {
  const { waiting, damaged } = await readRecordJournal(repository);
  const outputs = waiting.reduce((sum, { draft }) => sum + draft.record.outputs.length, 0);
  const forFirstCommit = waiting.length > 0 && (await headCommit(repository)) === undefined;
  return { runs: waiting.length, outputs, damaged: damaged.length, forFirstCommit };
}
