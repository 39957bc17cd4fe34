import { resolve } from 'node:path';
import { lockAt, workTreeLock } from '../capture/lock-files.js';
import { InputError } from '../errors.js';
import { readBounded } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { commitOf } from '../git/revision.js';
import type { RunRecord } from '../lineage/record.js';
import type { State } from '../lineage/state.js';
import type { Lock } from '../lock/entries.js';
import { lockPath, readLock } from '../lock/lockfile.js';
import { shellWord } from '../shell-word.js';

/** What is to be compared with this machine, or brought back to it. */
export type Target = LockTarget | OutputTarget;

export interface LockTarget {
  readonly kind: 'lock';
  /** In words: `comfy.lock of HEAD~3`. */
  readonly subject: string;
  readonly lock: Lock;
  /** The file that it was read from, as it was named; absent where it came from a commit. */
  readonly file?: string;
}

export interface OutputTarget {
  readonly kind: 'output';
  readonly subject: string;
  readonly record: RunRecord;
  /** What its run saw; absent where nobody captured it. */
  readonly state: State | undefined;
}

/**
 * Finds what a person names: the work tree's lock, the lock of a commit, a lockfile anywhere, or the run that made an output.
 * @param asked a commit, the first digits of the SHA-256 of an output, or a file relative to `cwd`; the work tree's lock without it
 * @throws InputError `no-lock`, `no-record`, `no-such-target`, `lock-newer`, `lock-damaged`; GitError `no-commit`
 */
export async function findTarget(repository: Repository, asked: string | undefined, cwd: string): Promise<Target> {
  if (asked === undefined) {
    const { lock, text } = await workTreeLock(repository);
    return { ...lockTarget(text === undefined ? undefined : lock, lockPath), file: lockPath };
  }
  const bytes = await readFileIfAny(resolve(cwd, asked));
  if (bytes !== undefined && isLockfile(bytes)) {
    return { ...lockTarget(readLock(bytes.toString('utf8')), asked), file: asked };
  }
  if (bytes !== undefined) return outputTarget(repository, asked, bytes);
  const commit = await commitOf(repository, asked);
  if (commit !== undefined) return lockTarget(await lockAt(repository, commit), `${lockPath} of ${asked}`);
  const found = /^[0-9a-f]{6,64}$/i.test(asked) ? await recordedOutput(repository, asked.toLowerCase()) : undefined;
  if (found !== undefined) return found;
  throw new InputError('no-such-target', `${asked} is neither a file nor a commit, nor the hash of an output`, {
    hint: 'git comfy log lists the commits and the outputs that each made',
  });
}

/** By the first digits of its SHA-256. */
async function recordedOutput(repository: Repository, digits: string): Promise<OutputTarget | undefined> {
  const { findByDigest } = await import('../capture/find-by-digest.js');
  const found = await findByDigest(repository, digits);
  return found === undefined ? undefined : targetOf(repository, `output ${digits}`, found.record);
}

/** The first section of a lockfile says its version; comments may stand before it. */
const isLockfile = (bytes: Buffer) => /^(?:#.*\r?\n)*lockfileVersion:/.test(bytes.toString('utf8', 0, 4096));

function lockTarget(lock: Lock | undefined, subject: string): LockTarget {
  if (lock !== undefined) return { kind: 'lock', subject, lock };
  throw new InputError('no-lock', `there is no ${subject}`, { hint: 'write one: git comfy lock' });
}

async function outputTarget(repository: Repository, name: string, bytes: Uint8Array): Promise<OutputTarget> {
  // Loaded late: a lock is verified often, and needs none of what reads records.
  const { findOutput, refuseDamaged } = await import('../capture/find-output.js');
  const found = await findOutput(repository, bytes);
  if (found === undefined) {
    refuseDamaged(name, bytes);
    throw new InputError('no-record', `there is no record of ${name}`, {
      hint: `what is embedded in it: git comfy show ${shellWord(name)}`,
    });
  }
  return targetOf(repository, name, found.record);
}

async function targetOf(repository: Repository, name: string, record: RunRecord): Promise<OutputTarget> {
  const { readSeenDocuments } = await import('../capture/read-documents.js');
  const { state } = await readSeenDocuments(repository, record);
  return { kind: 'output', subject: `the record of ${name}`, record, state };
}

async function readFileIfAny(path: string): Promise<Buffer | undefined> {
  const { maxOutputBytes } = await import('../image/describe-output.js');
  try {
    return await readBounded(path, maxOutputBytes);
  } catch (error) {
    if (error instanceof InputError && ['no-such-file', 'not-a-file'].includes(error.code)) return undefined;
    throw error;
  }
}
