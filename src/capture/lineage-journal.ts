import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic.js';
import { isMissing, readIfThere } from '../files/read.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { type Draft, readDraft, writeDraft } from '../lineage/draft.js';

/** A run that is in the journal and not yet in the refs. */
export interface Waiting {
  /** File name in the journal. */
  readonly name: string;
  readonly draft: Draft;
}

export interface RecordJournal {
  readonly waiting: readonly Waiting[];
  /** Names of files that cannot be read; they are left where they are. */
  readonly damaged: readonly string[];
}

const folder = (repository: Repository) => comfyPath(repository, 'journal', 'records');

/** Writes a run down so that no crash from here on loses it. Facts that are the same are one file. */
export async function journalDraft(repository: Repository, draft: Draft): Promise<Waiting> {
  const text = writeDraft(draft);
  const name = `${createHash('sha256').update(text).digest('hex')}.json`;
  await writeFileAtomic(join(folder(repository), name), text);
  return { name, draft };
}

/** All that waits, oldest first. */
export async function readRecordJournal(repository: Repository): Promise<RecordJournal> {
  const waiting: Waiting[] = [];
  const damaged: string[] = [];
  for (const name of await names(repository)) {
    const bytes = await readIfThere(join(folder(repository), name));
    if (bytes === undefined) continue; // another process has folded it in meanwhile
    const draft = readDraft(bytes.toString('utf8'));
    if (draft === undefined) damaged.push(name);
    else waiting.push({ name, draft });
  }
  waiting.sort((a, b) => a.draft.record.time.localeCompare(b.draft.record.time));
  return { waiting, damaged };
}

/** To be called once the run is in the refs, never before. */
export async function forgetDraft(repository: Repository, name: string): Promise<void> {
  await rm(join(folder(repository), name), { force: true });
}

async function names(repository: Repository): Promise<string[]> {
  try {
    return (await readdir(folder(repository))).filter((name) => name.endsWith('.json')).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
