import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { findByDigest, findOutput } from '../capture/find-output.js';
import { readDocuments } from '../capture/read-documents.js';
import { readLineage } from '../capture/read-lineage.js';
import { InputError } from '../errors.js';
import { isFile, readBounded } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { readState } from '../lineage/documents.js';
import { type Kinship, kinshipOf } from '../lineage/kinship.js';
import type { SkippedLine } from '../lineage/lineage.js';
import type { OutputEntry, RunRecord } from '../lineage/record.js';
import type { State } from '../lineage/state.js';

/** An output among those that it was made from, and those that were made from it. */
export interface OutputTree extends Kinship {
  /** As the person named it. */
  readonly file: string;
  readonly sha256: string;
  /** Absent where nobody recorded it; others may have taken it in all the same. */
  readonly output?: OutputEntry;
  readonly record?: RunRecord;
  readonly skipped: readonly SkippedLine[];
}

/**
 * @param asked a file, or the first digits of the SHA-256 of a recorded one
 * @throws InputError `no-such-file`, `file-too-large`, `ambiguous-output`; GitError `git-failed`
 */
export async function outputTree(repository: Repository, cwd: string, asked: string): Promise<OutputTree> {
  const start = await startOf(repository, resolve(cwd, asked), asked);
  const { records, skipped } = await readLineage(repository);
  const states = await readStates(
    repository,
    records.flatMap(({ record }) => record.state ?? []),
  );
  return { file: asked, ...start, ...kinshipOf(start.sha256, records, states), skipped };
}

async function startOf(repository: Repository, path: string, asked: string) {
  if (!(await isFile(path)) && /^[0-9a-f]{6,64}$/i.test(asked)) {
    const found = await findByDigest(repository, asked);
    if (found?.output !== undefined) {
      return { sha256: found.output.sha256, output: found.output, record: found.record };
    }
  }
  const bytes = await readBounded(path, maxOutputBytes);
  // Of a file that was written anew the relatives are those of the recorded one.
  const { output, record } = (await findOutput(repository, bytes)) ?? {};
  const sha256 = output?.sha256 ?? createHash('sha256').update(bytes).digest('hex');
  return { sha256, ...(output === undefined || record === undefined ? {} : { output, record }) };
}

/** Runs share states. One that this clone does not have, or that is damaged, tells of no inputs. */
async function readStates(repository: Repository, ids: readonly string[]): Promise<Map<string, Pick<State, 'inputs'>>> {
  const wanted = [...new Set(ids)];
  const states = new Map<string, Pick<State, 'inputs'>>();
  for await (const { index, text } of readDocuments(repository, 'state', wanted)) {
    // Most runs take no picture in: those are not parsed.
    if (text === undefined || text.includes('"inputs":{}')) continue;
    try {
      states.set(wanted[index] ?? '', { inputs: readState(text).inputs });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  return states;
}
