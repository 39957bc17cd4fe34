import type { FoundElsewhere } from '../capture/find-elsewhere.js';
import type { FoundOutput } from '../capture/found-output.js';
import { type RunDocuments, readRunDocuments } from '../capture/read-documents.js';
import { InputError } from '../errors.js';
import { commitNamed } from '../git/commit-facts.js';
import type { Repository } from '../git/repository.js';
import { accountOf } from '../lineage/completeness.js';
import type { ShownOutput, ShownRecord } from '../lineage/shown.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { readParameters } from '../workflow/parameters.js';
import { commitNow } from './commit-now.js';
import { type Looking, whatChanged } from './what-changed.js';

/**
 * Everything that is known of a recorded output, whose file need not be at hand.
 * @param file as the person named it
 * @throws GitError
 */
export async function showFound(
  repository: Repository,
  found: FoundOutput,
  file: string,
  looking: Looking | undefined,
  bytes?: Uint8Array,
): Promise<ShownOutput> {
  const reading = documentsOf(repository, found);
  const [{ documents, remarks }, recorded, today] = await Promise.all([
    reading,
    shownRecord(repository, found),
    looking === undefined || found.record.state === undefined
      ? undefined
      : whatChanged(repository, { record: found.record, state: stateIn(reading) }, looking),
  ]);
  // Embedded data is as good a witness of the prompt as the record, where the store lacks it.
  const snapshot = documents.snapshot ?? (bytes === undefined ? undefined : await embeddedIn(bytes));
  const sources = {
    ...documents,
    record: found.record,
    ...optional('snapshot', snapshot),
    ...optional('output', found.output),
  };
  return {
    kind: 'output',
    file,
    recorded,
    ...optional('snapshot', snapshot),
    variables: accountOf(sources),
    ...optional('today', documents.state === undefined ? undefined : today),
    remarks: [...parametersWords(snapshot), ...remarks, ...skippedWords(found)],
  };
}

const stateIn = async (reading: ReturnType<typeof documentsOf>) => (await reading).documents.state;

/** They are not what ComfyUI ran, and how that program names things is its own. */
export function parametersWords(snapshot: Snapshot | undefined): string[] {
  const values = readParameters(snapshot?.parameters ?? '')?.values;
  if (values === undefined) return [];
  const hash = values.get('model hash');
  const model = hash === undefined ? '' : `; it says that the model's hash began with ${hash}`;
  return [`another program made it: these are the parameters that it wrote${model}`];
}

async function shownRecord(repository: Repository, found: FoundOutput): Promise<ShownRecord> {
  const { id, record, how, output, otherRuns, run } = found;
  const [now, commit] = await Promise.all([
    commitNow(repository, run),
    record.commit === undefined ? undefined : commitNamed(repository, record.commit),
  ]);
  return {
    ...{ id, record, how, otherRuns: otherRuns.length },
    ...optional('output', output),
    ...optional('commit', commit),
    ...optional('now', now),
  };
}

/** A damaged or newer document is said, and what the record itself holds is shown all the same. */
async function documentsOf(repository: Repository, { record }: FoundOutput) {
  const none: RunDocuments = {};
  try {
    const documents = await readRunDocuments(repository, record);
    const absent =
      documents.snapshot === undefined ? ['its snapshot is not in this clone: git comfy sync fetches it'] : [];
    return { documents, remarks: absent };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { documents: none, remarks: [error.message] };
  }
}

const skippedWords = ({ skipped }: FoundOutput) =>
  skipped
    .filter(({ reason }) => reason !== 'unknown')
    .map(
      ({ commit, why }) =>
        `a line of lineage${commit === undefined ? '' : ` on ${commit.slice(0, 10)}`} was skipped: ${why}`,
    );

async function embeddedIn(bytes: Uint8Array): Promise<Snapshot | undefined> {
  const { embeddedSnapshot } = await import('../capture/embedded-snapshot.js');
  return embeddedSnapshot(bytes);
}

/** As `showFound`, for what another repository of this machine knows. */
export async function showElsewhere(
  { repository, found }: FoundElsewhere,
  file: string,
  looking: Looking | undefined,
  bytes?: Uint8Array,
): Promise<ShownOutput> {
  const { top } = repository;
  const there = looking === undefined ? undefined : { ...looking, cwd: top };
  const shown = await showFound(repository, found, file, there, bytes);
  return { ...shown, remarks: [`its record is in ${top}`, ...shown.remarks] };
}

/** A member, or none. */
export const optional = <K extends string, T>(key: K, value: T | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [key in K]?: T };
