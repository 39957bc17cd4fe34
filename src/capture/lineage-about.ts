import type { Repository } from '../git/repository.js';
import type { Lineage } from '../lineage/lineage.js';
import { answer, type Question } from '../lineage/question.js';
import { readLineageLines } from './read-lineage.js';

/**
 * What lineage knows about some outputs, prompts, commits or records: all lines of the runs that fit any part of the question, and the labels on
 * them. Prefer it to `readLineage`, which reads everything that was ever recorded.
 * @throws GitError `git-failed`
 */
export async function lineageAbout(repository: Repository, question: Question): Promise<Lineage> {
  return answer(await readLineageLines(repository), question);
}
