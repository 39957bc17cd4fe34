import { basename } from 'node:path';
import { embeddedSnapshot } from '../capture/embedded-snapshot.js';
import { type FoundElsewhere, findElsewhere } from '../capture/find-elsewhere.js';
import { type FoundOutput, findOutput, refuseDamaged } from '../capture/find-output.js';
import { type RunDocuments, readRunDocuments } from '../capture/read-documents.js';
import { InputError } from '../errors.js';
import { readBounded } from '../files/read.js';
import { commitNamed } from '../git/commit-facts.js';
import { commitsHoldingBlob } from '../git/history.js';
import { blobId } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { isUndecoded } from '../image/containers.js';
import { describeBytes, maxOutputBytes } from '../image/describe-output.js';
import { accountOf } from '../lineage/completeness.js';
import type { OutputEntry } from '../lineage/record.js';
import type { ShownOutput, ShownRecord } from '../lineage/shown.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { smudgedText } from '../workflow/clean.js';
import { normalise } from '../workflow/normal-form.js';
import { writeNormalText } from '../workflow/normal-text.js';
import { readParameters } from '../workflow/parameters.js';
import { commitNow } from './commit-now.js';
import { type Looking, whatChanged } from './what-changed.js';

/**
 * Everything that is known of one file: its record, else what is embedded in it.
 * @param looking compares with today's machine too
 * @throws InputError `nothing-known`, `file-too-large`; GitError
 */
export async function showOutput(
  repository: Repository | undefined,
  { path, file, env }: NamedFile,
  looking: Looking | undefined,
): Promise<ShownOutput> {
  const bytes = await readBounded(path, maxOutputBytes);
  const found = repository === undefined ? undefined : await findOutput(repository, bytes);
  if (repository !== undefined && found !== undefined) return showFound(repository, found, file, looking, bytes);
  const elsewhere = await findElsewhere(repository, env, (one) => findOutput(one, bytes));
  if (elsewhere === undefined) return fromEmbedded(repository, bytes, file);
  return showElsewhere(elsewhere, file, looking, bytes);
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

/** A file as the person named it, and where that is. */
interface NamedFile {
  readonly path: string;
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

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
  const [{ documents, remarks }, recorded] = await Promise.all([
    documentsOf(repository, found),
    shownRecord(repository, found),
  ]);
  // Embedded data is as good a witness of the prompt as the record, where the store lacks it.
  const snapshot = documents.snapshot ?? (bytes === undefined ? undefined : embeddedSnapshot(bytes));
  const sources = {
    ...documents,
    record: found.record,
    ...optional('snapshot', snapshot),
    ...optional('output', found.output),
  };
  const { state } = documents;
  const today =
    looking === undefined || state === undefined
      ? undefined
      : await whatChanged(repository, { record: found.record, state }, looking);
  return {
    kind: 'output',
    file,
    recorded,
    ...optional('snapshot', snapshot),
    variables: accountOf(sources),
    ...optional('today', today),
    remarks: [...parametersWords(snapshot), ...remarks, ...skippedWords(found)],
  };
}

/** They are not what ComfyUI ran, and how that program names things is its own. */
function parametersWords(snapshot: Snapshot | undefined): string[] {
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

async function fromEmbedded(repository: Repository | undefined, bytes: Uint8Array, file: string): Promise<ShownOutput> {
  const snapshot = embeddedSnapshot(bytes);
  if (snapshot === undefined) {
    refuseDamaged(file, bytes);
    const unseen = isUndecoded(bytes) ? '; only PNG pictures are known by their pixels, others by the whole file' : '';
    throw new InputError(
      'nothing-known',
      `nothing is known of ${file}: no record, and ComfyUI's data is not in it${unseen}`,
      {
        hint: 'look at the file as ComfyUI saved it, or make new ones with a record: git comfy run <workflow>',
      },
    );
  }
  const holder = repository === undefined ? undefined : await holderOf(repository, snapshot);
  return {
    kind: 'output',
    file,
    snapshot,
    variables: accountOf({ snapshot, output: outputItself(file, bytes) }),
    ...optional('holder', holder),
    remarks: parametersWords(snapshot),
  };
}

/** What the file says of itself; which node made it nothing tells. */
const outputItself = (file: string, bytes: Uint8Array): OutputEntry => {
  const { sha256, width, height } = describeBytes(bytes);
  const size = width === undefined || height === undefined ? {} : { width, height };
  return { name: basename(file), sha256, bytes: bytes.length, node: '', index: 0, ...size };
};

/** The commit that brought in the embedded workflow. */
async function holderOf(repository: Repository, { workflow }: Snapshot) {
  if (workflow === undefined) return undefined;
  const { normal, layout } = normalise(workflow);
  const firstHolding = async (text: string) =>
    (await commitsHoldingBlob(repository, blobId(repository.objectFormat, text)))[0];
  // The second is how a file that keeps its layout is stored.
  const first = (await firstHolding(writeNormalText(normal))) ?? (await firstHolding(smudgedText(normal, layout)));
  const commit = first === undefined ? undefined : await commitNamed(repository, first.commit);
  return first === undefined || commit === undefined ? undefined : { ...commit, path: first.path };
}

const optional = <K extends string, T>(key: K, value: T | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [key in K]?: T };
