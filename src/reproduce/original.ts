import { resolve } from 'node:path';
import { type FoundOutput, findOutput, refuseDamaged } from '../capture/find-output.js';
import { lineageAbout } from '../capture/lineage-about.js';
import { readRunDocuments } from '../capture/read-documents.js';
import { InputError } from '../errors.js';
import { readBounded } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { commitOf } from '../git/revision.js';
import { maxOutputBytes } from '../image/describe-output.js';
import { type FoundBy, joinRuns } from '../lineage/query.js';
import type { OutputEntry, RunRecord } from '../lineage/record.js';
import { recordId } from '../lineage/record-line.js';
import type { Snapshot } from '../lineage/snapshot.js';
import type { State } from '../lineage/state.js';
import { shellWord } from '../shell-word.js';

/** A recorded run that is to be made again. */
export interface Original {
  /** Id of its record. */
  readonly id: string;
  readonly record: RunRecord;
  /** By what it was found. */
  readonly how: FoundBy | 'commit';
  /** The outputs that are compared. */
  readonly outputs: readonly OutputEntry[];
  readonly snapshot: Snapshot;
  /** Absent where nothing was captured at the run. */
  readonly state?: State;
  /** The file that was asked about. */
  readonly file?: Buffer;
}

/**
 * Step 1: the run that made an output (a file), or all runs that were made at a commit.
 * @param asked a path relative to `cwd`, or anything that git takes for a commit
 * @throws InputError `no-record`, `no-such-output`, `no-snapshot`; GitError `no-commit`
 */
export async function findOriginals(repository: Repository, asked: string, cwd: string): Promise<Original[]> {
  const file = await readAsked(resolve(cwd, asked));
  if (file !== undefined) return [await fromFile(repository, asked, file)];
  const commit = await commitOf(repository, asked);
  if (commit !== undefined) return fromCommit(repository, asked, commit);
  throw new InputError('no-such-output', `${asked} is neither a file nor a commit`, {
    hint: 'git comfy log lists the commits and the outputs that each made',
  });
}

async function readAsked(path: string): Promise<Buffer | undefined> {
  try {
    return await readBounded(path, maxOutputBytes);
  } catch (error) {
    if (error instanceof InputError && ['no-such-file', 'not-a-file'].includes(error.code)) return undefined;
    throw error;
  }
}

async function fromFile(repository: Repository, asked: string, file: Buffer): Promise<Original> {
  const found = await findOutput(repository, file);
  if (found === undefined) {
    refuseDamaged(asked, file);
    throw new InputError('no-record', `nothing is recorded about ${asked}`, {
      hint: `take it in from its embedded data first: git comfy record ${shellWord(asked)}`,
    });
  }
  const { id, record, how } = found;
  return { id, record, how, outputs: targets(found), file, ...(await documents(repository, record)) };
}

/** Where the prompt alone was recognised nothing says which output of the run it was. */
const targets = ({ output, record }: FoundOutput) => (output === undefined ? record.outputs : [output]);

async function fromCommit(repository: Repository, asked: string, commit: string): Promise<Original[]> {
  const { records } = await lineageAbout(repository, { commits: [commit] });
  const runs = joinRuns(records.filter(({ record }) => record.commit === commit && record.reproduces === undefined));
  if (runs.length === 0) {
    throw new InputError('no-record', `no recorded output was made at ${asked}`, {
      hint: 'git comfy log lists the commits and the outputs that each made',
    });
  }
  const originals: Original[] = [];
  for (const { best } of runs) {
    const { text, record } = best;
    const found = await documents(repository, record);
    originals.push({ id: recordId(text), record, how: 'commit', outputs: record.outputs, ...found });
  }
  return originals;
}

async function documents(repository: Repository, record: RunRecord): Promise<Pick<Original, 'snapshot' | 'state'>> {
  const { snapshot, state } = await readRunDocuments(repository, record);
  if (snapshot?.parameters !== undefined) {
    throw new InputError('no-prompt', 'another program made it: there are its parameters, and no prompt of ComfyUI', {
      hint: 'git comfy show tells them; build a workflow with them, and run that',
    });
  }
  if (snapshot !== undefined) return { snapshot, ...(state === undefined ? {} : { state }) };
  throw new InputError('no-snapshot', 'the prompt of this run is not in the store', {
    hint: 'fetch it from the remote that has it: git comfy sync',
  });
}
