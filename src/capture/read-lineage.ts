import { readNotes } from '../git/notes.js';
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
  // In the order in which a line wanders while others write: whoever looks along with it meets it somewhere.
  const waiting = await waitingLines(repository);
  const lines: LineageLine[] = [];
  for (const [commit, texts] of await readNotes(repository)) for (const text of texts) lines.push({ commit, text });
  return [...lines, ...(await movedLines(repository)), ...waiting];
}

/** `lineage/<commit>/...` of the store: older lines of notes that grew too large. */
async function movedLines(repository: Repository): Promise<LineageLine[]> {
  const paths = await listStore(repository, 'lineage');
  const lines: LineageLine[] = [];
  const specs = paths.map((path) => `${storeRef}:${path}`);
  for await (const { spec, bytes } of readObjects(repository, specs)) {
    const commit = spec.split('/').at(-2) ?? '';
    for (const text of (bytes?.toString('utf8') ?? '').split('\n')) if (text !== '') lines.push({ commit, text });
  }
  return lines;
}

async function waitingLines(repository: Repository): Promise<LineageLine[]> {
  const { waiting } = await readRecordJournal(repository);
  return waiting.map(({ draft }) => ({ text: writeRecord(draft.record) }));
}
