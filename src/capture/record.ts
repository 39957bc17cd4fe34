import { resolve } from 'node:path';
import { checkInterrupted } from '../errors.js';
import { workAhead } from '../files/work-ahead.js';
import type { Repository } from '../git/repository.js';
import { fold } from './fold.js';
import { recordedFiles } from './index/recorded-files.js';
import { startLooking } from './looking/look-pool.js';
import { type Looked, lookedOf, type Recording, type RecordOptions, startTaking } from './take-outputs.js';

export { type Recording, type RecordOptions, type RefusedFile, refusal } from './take-outputs.js';

/** So many outputs are looked up in lineage together. */
const groupSize = 64;

/**
 * Back-fills: takes existing outputs in, from what ComfyUI embedded in them or from the prompt given. The commit is inferred, and today's hashes stay out.
 * A file that cannot be recorded is named with what to do, and hinders no other.
 * @throws GitError `git-failed`; Interrupted
 */
export async function recordFiles(
  repository: Repository,
  files: readonly string[],
  options: RecordOptions,
): Promise<Recording> {
  const { cwd, signal, talk } = options;
  // What an interruption left in the journal comes first: some of these outputs may be in it.
  await fold(repository);
  const taking = startTaking(repository, options);
  const mayBeRecorded = await recordedFiles(repository);
  const looker = await startLooking(files.length, (sha256) => !mayBeRecorded(sha256));
  try {
    let group: Looked[] = [];
    let done = 0;
    const look = (file: string) => lookedOf(file, looker.look(resolve(cwd, file)));
    for await (const looked of workAhead(files, looker.ahead, look)) {
      checkInterrupted(signal);
      talk.progress({ label: 'reading outputs', done: done++, total: files.length, unit: 'count' });
      group.push(looked);
      if (group.length < groupSize) continue;
      await taking.take(group);
      group = [];
    }
    checkInterrupted(signal);
    await taking.take(group);
    return await taking.finish();
  } finally {
    looker.close();
    talk.progress(undefined);
  }
}
