import { readFile } from 'node:fs/promises';
import { readNamed } from '../files/named.js';
import type { Repository } from '../git/repository.js';
import { stillPicture } from '../image/containers.js';
import { describeBytes } from '../image/describe-output.js';
import { gatherLineage, type SkippedLine } from '../lineage/lineage.js';
import { findByOutput, type OutputKeys, type OutputMatch } from '../lineage/query.js';
import type { RunRecord } from '../lineage/record.js';
import { recordId } from '../lineage/record-line.js';
import { promptIdentity, readPrompt } from '../workflow/prompt.js';
import { storedPrompt } from './draft-record.js';
import { embeddedSnapshot } from './embedded-snapshot.js';
import { linesAbout } from './lines-about.js';
import { readLineageLines } from './read-lineage.js';

/** An output that lineage knows. */
export interface FoundOutput extends OutputMatch {
  /** Of the best line of the run. */
  readonly id: string;
  readonly record: RunRecord;
  /** Lines that could not be read: one of them may have known more. */
  readonly skipped: readonly SkippedLine[];
}

/**
 * Finds the record of an output by the file's hash, else by its pixels, else by its embedded prompt.
 * @throws GitError `git-failed`
 */
export async function findOutput(
  repository: Repository,
  source: string | Uint8Array,
): Promise<FoundOutput | undefined> {
  const keys = outputKeys(typeof source === 'string' ? await readFile(source) : source);
  const values = Object.values(keys).filter((key) => key !== undefined);
  const lines = linesAbout(await readLineageLines(repository), (text) => values.some((value) => text.includes(value)));
  const lineage = gatherLineage(lines);
  const match = findByOutput(lineage.records, keys);
  if (match === undefined) return undefined;
  const { text, record } = match.run.best;
  return { ...match, id: recordId(text), record, skipped: lineage.skipped };
}

/**
 * For an output of which nothing is found: where its bytes are damaged, that is why.
 * @throws InputError `png-truncated`, `png-bad`, `png-too-large`, with its name
 */
export function refuseDamaged(name: string, bytes: Uint8Array): void {
  readNamed(name, () => stillPicture(bytes));
}

/** By what an output is known. A damaged picture still has the hash of its file. */
export function outputKeys(bytes: Uint8Array): OutputKeys {
  const { sha256, pixels } = describeBytes(bytes);
  const identity = embeddedIdentity(bytes);
  return { sha256, ...(pixels === undefined ? {} : { pixels }), ...(identity === undefined ? {} : { identity }) };
}

function embeddedIdentity(bytes: Uint8Array): string | undefined {
  const prompt = embeddedSnapshot(bytes)?.prompt;
  return prompt === undefined ? undefined : promptIdentity(readPrompt(storedPrompt(prompt).json));
}
