import { rm, stat } from 'node:fs/promises';
import { isMissing } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { putStore, type StoreFile } from '../git/store.js';
import { layoutTime } from '../workflow/layout-document.js';
import { setAside } from './damaged-layouts.js';
import { journalFiles, journalFolder, journalReader, readJournalFile } from './layout-journal.js';
import { storePath } from './layout-names.js';

/** A file that was not finished for so long belongs to a process that crashed; milliseconds. */
const abandonedAfter = 60 * 60 * 1000;

/** Documents of about so many characters go into the store in one commit. */
const batchLength = 32 * 1024 * 1024;

/**
 * Moves the layouts of the journal into the store, of several for one blob and path the newest, and removes the files it has folded; files
 * that a filter is still writing wait for the next time, and damaged ones are set aside. Returns how many layouts went in. Two folding at once lose nothing.
 * @throws GitError `git-failed` where the store cannot be written; then the journal is as it was
 */
export async function foldLayouts(repository: Repository, now: Date = new Date()): Promise<number> {
  const { finished, open } = journalFiles(journalFolder(repository));
  const files = [...finished];
  const damaged = new Set<string>();
  const textOf = journalReader();
  for (const file of open) if (await isAbandoned(file, now)) files.push(file);
  let folded = 0;
  let batch = new Map<string, string>();
  let length = 0;
  const put = async () => {
    const documents: StoreFile[] = [...batch].map(([path, bytes]) => ({ path, bytes }));
    await putStore(repository, documents);
    folded += documents.length;
    batch = new Map();
    length = 0;
  };
  for (const file of files) {
    const { entries, isWhole } = readJournalFile(file);
    // A crash leaves a torn end to a file that it never finished; nothing else does.
    if (!isWhole && finished.includes(file)) damaged.add(file);
    for (const { name, part } of entries) {
      const text = textOf(part);
      if (text === undefined) continue;
      const path = storePath(name);
      if (layoutTime(text) >= layoutTime(batch.get(path) ?? '')) batch.set(path, text);
      length += text.length;
      if (length > batchLength) await put();
    }
  }
  if (batch.size > 0) await put();
  for (const file of files) await (damaged.has(file) ? setAside(file) : rm(file, { force: true }));
  return folded;
}

async function isAbandoned(file: string, now: Date): Promise<boolean> {
  try {
    return now.getTime() - (await stat(file)).mtimeMs > abandonedAfter;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
