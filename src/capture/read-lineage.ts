import { linesOf, notesOf, notesRef } from '../git/notes.js';
import { readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { listStore, storeRef } from '../git/store.js';
import { gatherLineage, type Lineage, type LineageLine } from '../lineage/lineage.js';
import { writeRecord } from '../lineage/record-line.js';
import { readRecordJournal } from './lineage-journal.js';

/**
 * All of lineage: notes, lines moved into the store, and what still waits in the journal. Lines that cannot be read are named in the result.
 * @throws GitError `git-failed`
 */
export async function readLineage(repository: Repository): Promise<Lineage> {
  return gatherLineage(await readLineageLines(repository));
}

/** The lines as they stand: finding one output among 100,000 must not parse them all. */
export async function readLineageLines(repository: Repository): Promise<LineageLine[]> {
  const lines: LineageLine[] = [];
  for await (const line of lineageLines(repository)) lines.push(line);
  return lines;
}

/** As `readLineageLines`, those of one note in memory at a time. @throws GitError `git-failed` */
export async function* lineageLines(repository: Repository): AsyncGenerator<LineageLine> {
  // In the order in which a line wanders while others write: whoever looks along with it meets it somewhere.
  const waiting = await waitingLines(repository);
  for await (const { commit, lines } of notesOf(repository, notesRef)) {
    for (const text of new Set(lines)) yield { commit, text };
  }
  yield* movedLines(repository);
  yield* waiting;
}

/** As `lineageLines`, what they say only. @throws GitError `git-failed` */
export async function* lineageTexts(repository: Repository): AsyncGenerator<string> {
  for await (const { text } of lineageLines(repository)) yield text;
}

/** `lineage/<commit>/...` of the store: older lines of notes that grew too large. */
async function* movedLines(repository: Repository): AsyncGenerator<LineageLine> {
  const paths = await listStore(repository, 'lineage');
  const specs = paths.map((path) => `${storeRef}:${path}`);
  for await (const { spec, bytes } of readObjects(repository, specs)) {
    const commit = spec.split('/').at(-2) ?? '';
    for (const text of linesOf(bytes)) yield { commit, text };
  }
}

async function waitingLines(repository: Repository): Promise<LineageLine[]> {
  const { waiting } = await readRecordJournal(repository);
  return waiting.map(({ draft }) => ({ text: writeRecord(draft.record) }));
}
