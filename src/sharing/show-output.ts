import { basename } from 'node:path';
import { embeddedSnapshot } from '../capture/embedded-snapshot.js';
import { findElsewhere } from '../capture/find-elsewhere.js';
import { findOutput, refuseDamaged } from '../capture/find-output.js';
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
import type { ShownOutput } from '../lineage/shown.js';
import type { Snapshot } from '../lineage/snapshot.js';
import { smudgedText } from '../workflow/clean.js';
import { normalise } from '../workflow/normal-form.js';
import { writeNormalText } from '../workflow/normal-text.js';
import { optional, parametersWords, showElsewhere, showFound } from './show-found.js';
import type { Looking } from './what-changed.js';

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

/** A file as the person named it, and where that is. */
interface NamedFile {
  readonly path: string;
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

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
