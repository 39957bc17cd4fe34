import { embeddedSnapshot } from '../capture/embedded-snapshot.js';
import { findOutput } from '../capture/find-output.js';
import { readRunDocuments } from '../capture/read-documents.js';
import { findRepository } from '../git/repository.js';
import type { Snapshot } from '../lineage/snapshot.js';
import type { State } from '../lineage/state.js';

/** How an output was made, as far as it is known. */
export interface Making {
  readonly snapshot?: Snapshot;
  /** Only where a record of this very file or of its pixels has one: another run of the same prompt may have seen other files. */
  readonly state?: State;
}

/**
 * From the record, where the repository around `cwd` has one; what is embedded in the file serves where it has not.
 * @throws GitError; InputError `document-damaged`, `snapshot-newer`, `state-newer`
 */
export async function knownMaking(cwd: string, bytes: Uint8Array): Promise<Making> {
  const embedded = embeddedSnapshot(bytes);
  const repository = await findRepository(cwd);
  const found = repository === undefined ? undefined : await findOutput(repository, bytes);
  if (repository === undefined || found === undefined) return embedded === undefined ? {} : { snapshot: embedded };
  const { snapshot = embedded, state } = await readRunDocuments(repository, found.record);
  const seen = found.how === 'prompt' ? undefined : state;
  return { ...(snapshot === undefined ? {} : { snapshot }), ...(seen === undefined ? {} : { state: seen }) };
}
