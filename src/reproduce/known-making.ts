import { resolve } from 'node:path';
import { embeddedSnapshot } from '../capture/embedded-snapshot.js';
import { findByDigest, isDigits } from '../capture/find-by-digest.js';
import { findOutput } from '../capture/find-output.js';
import type { FoundOutput } from '../capture/found-output.js';
import { readSeenDocuments } from '../capture/read-documents.js';
import { isFile, readBounded } from '../files/read.js';
import { findRepository, type Repository } from '../git/repository.js';
import { maxOutputBytes } from '../image/describe-output.js';
import type { Snapshot } from '../lineage/snapshot.js';
import type { State } from '../lineage/state.js';

/** How an output was made, as far as it is known. */
export interface KnownMaking {
  readonly snapshot?: Snapshot;
  /** Only where a record of this very file or of its pixels has one: another run of the same prompt may have seen other files. */
  readonly state?: State;
}

/** An output that somebody named. */
export interface NamedOutput {
  readonly name: string;
  /** SHA-256 of the file. */
  readonly sha256?: string;
  /** Absent where only its record is at hand. */
  readonly bytes?: Uint8Array;
  readonly making: KnownMaking;
}

/**
 * A file, or the first digits of the SHA-256 of a recorded one.
 * @throws InputError `no-such-file`, `file-too-large`, `ambiguous-output`, `document-damaged`, `snapshot-newer`, `state-newer`; GitError
 */
export async function namedOutput(cwd: string, named: string): Promise<NamedOutput> {
  const repository = await findRepository(cwd);
  const path = resolve(cwd, named);
  const byDigits = isDigits(named) && !(await isFile(path));
  const found = repository !== undefined && byDigits ? await findByDigest(repository, named) : undefined;
  if (repository !== undefined && found?.output !== undefined) {
    const { name, sha256 } = found.output;
    return { name, sha256, making: await recordedMaking(repository, found, undefined) };
  }
  const bytes = await readBounded(path, maxOutputBytes);
  return { name: named, bytes, making: await makingOf(repository, bytes) };
}

/** From the record, where the repository has one; what is embedded in the file serves where it has not. */
async function makingOf(repository: Repository | undefined, bytes: Uint8Array): Promise<KnownMaking> {
  const embedded = embeddedSnapshot(bytes);
  const found = repository === undefined ? undefined : await findOutput(repository, bytes);
  if (repository === undefined || found === undefined) return embedded === undefined ? {} : { snapshot: embedded };
  return recordedMaking(repository, found, embedded);
}

async function recordedMaking(
  repository: Repository,
  found: FoundOutput,
  embedded: Snapshot | undefined,
): Promise<KnownMaking> {
  const { snapshot = embedded, state } = await readSeenDocuments(repository, found.record);
  const seen = found.how === 'prompt' ? undefined : state;
  return { ...(snapshot === undefined ? {} : { snapshot }), ...(seen === undefined ? {} : { state: seen }) };
}
