import { rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { namesIn } from '../files/append.js';
import { isMissing } from '../files/read.js';
import { journalFiles, readJournalFile } from './layout-journal.js';

/** Of a file that was set aside: what could be read of it has been folded. */
const damagedEnding = '.damaged';

/** Keeps a file of which not all could be read, out of the way of the journal: it may be all that is left of a layout. */
export async function setAside(file: string): Promise<void> {
  try {
    await rename(file, file + damagedEnding);
  } catch (error) {
    // Somebody else has done it meanwhile.
    if (!isMissing(error)) throw error;
  }
}

/** Names of the files of which not all can be read. One that a crash has torn at its end is not among them: it was never finished. */
export function damagedLayoutFiles(folder: string): string[] {
  const { finished } = journalFiles(folder);
  const torn = finished.filter((file) => !readJournalFile(file).isWhole).map((file) => basename(file));
  return [...namesIn(folder).filter((name) => name.endsWith(damagedEnding)), ...torn];
}
