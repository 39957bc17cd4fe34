import type { Repository } from '../git/repository.js';
import type { RecordedRun, RunFacts } from './record-run.js';
import { recordRuns } from './record-run.js';

/**
 * As `recordRun`, for runs that end side by side: those that end while others are being written down are written down together, after them.
 * @throws GitError `git-failed`
 */
export function recordInBatches(repository: Repository): (facts: RunFacts) => Promise<RecordedRun> {
  const waiting: { readonly facts: RunFacts; readonly told: Told }[] = [];
  let writing = false;
  const write = async () => {
    if (writing) return;
    writing = true;
    for (let batch = waiting.splice(0); batch.length > 0; batch = waiting.splice(0)) {
      try {
        const facts = batch.map((one) => one.facts);
        const recorded = await recordRuns(repository, facts);
        for (const [index, { told }] of batch.entries()) told.resolve(recorded[index] as RecordedRun);
      } catch (error) {
        for (const { told } of batch) told.reject(error);
      }
    }
    writing = false;
  };
  return (facts) =>
    new Promise<RecordedRun>((resolve, reject) => {
      waiting.push({ facts, told: { resolve, reject } });
      void write();
    });
}

interface Told {
  readonly resolve: (recorded: RecordedRun) => void;
  readonly reject: (error: unknown) => void;
}
