import type { Context } from '../context.js';
import { readZip } from '../files/zip.js';
import { headCommit, type Repository } from '../git/repository.js';
import { type Archive, readArchive } from '../lineage/archive.js';
import type { Draft } from '../lineage/draft.js';
import type { RunRecord } from '../lineage/record.js';
import { recordId, writeRecord } from '../lineage/record-line.js';
import { fold } from './fold.js';
import { type ArrivedInput, placeInputs } from './import-inputs.js';
import { type ArrivedWorkflow, placeWorkflow } from './import-workflow.js';
import { lineageAbout } from './lineage-about.js';
import { journalDraft } from './lineage-journal.js';
import { lookAround } from './look-around.js';
import { settle } from './record-run.js';

export interface ImportedArchive {
  /** Of the record as it stands here; `undefined` where nothing was written. */
  readonly record?: string;
  /** This repository knew the run already. */
  readonly known: boolean;
  readonly outputs: RunRecord['outputs'];
  readonly workflow: ArrivedWorkflow;
  readonly inputs: readonly ArrivedInput[];
}

export interface ImportOptions {
  /** Where the workflow goes, relative to the top of the repository. */
  readonly to?: string | undefined;
  readonly dryRun: boolean;
}

/**
 * Takes in what `export --format zip` wrote: the workflow into the work tree, inputs into ComfyUI's input folder, the record into lineage. No
 * file that is there is overwritten; models and packs come by other ways. Again is harmless.
 * @throws InputError `zip-damaged`, `zip-unsafe`, `zip-too-large`, `not-an-export`, `export-newer`, `export-damaged`; GitError
 */
export async function importArchive(
  repository: Repository,
  bytes: Uint8Array,
  tools: Pick<Context, 'cwd' | 'env' | 'signal'>,
  options: ImportOptions,
): Promise<ImportedArchive> {
  const archive = readArchive(await readZip(bytes));
  const known = await isKnown(repository, archive.record);
  const around = archive.inputs.size === 0 ? undefined : await lookAround(repository, { ...tools, patience: 3000 });
  const workflow = await placeWorkflow(repository, archive, options);
  const inputs = await placeInputs(archive.inputs, around?.installation?.input, options.dryRun);
  const found = { known, outputs: archive.record.outputs, workflow, inputs };
  if (options.dryRun || known) return found;
  await fold(repository);
  const waiting = await journalDraft(repository, draftOf(archive, await headCommit(repository)));
  const [record] = await settle(repository, [waiting]);
  return { ...found, ...(record === undefined ? {} : { record: recordId(writeRecord(record)) }) };
}

/** By the files that came out: a run of another repository has another record here. */
async function isKnown(repository: Repository, { outputs }: RunRecord): Promise<boolean> {
  const files = outputs.map(({ sha256 }) => sha256);
  const { records } = await lineageAbout(repository, { files });
  return records.some(({ record }) => record.outputs.some(({ sha256 }) => files.includes(sha256)));
}

/** What names things of the other repository is left behind; which commit of this one it fits is looked for anew. */
function draftOf({ record, snapshot, state }: Archive, head: string | undefined): Draft {
  const { commit, workflow, lock, differs, inferred, reproduces, varies, cachedFrom, ...own } = record;
  return {
    record: { ...own, match: 'uncommitted' },
    ...(head === undefined ? {} : { head }),
    snapshot,
    ...(state === undefined ? {} : { state }),
  };
}
