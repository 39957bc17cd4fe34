import type { Context } from '../context.js';
import { GitError } from '../errors.js';
import { commitBlobs, type ReplacedBlob } from '../git/commit-blobs.js';
import { filterPlace } from '../git/filter-place.js';
import { mergeHeads } from '../git/merge-heads.js';
import { readObjects, writeBlob } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { type TrackedFile, workflowsOfHead } from '../git/tracked.js';
import { type CleanedWorkflow, cleanBytes } from '../workflow/clean.js';
import { layoutName } from './layout-names.js';
import { openSources } from './layout-sources.js';
import { journalLayout } from './layouts.js';

export interface Renormalised {
  /** Workflows that were committed with their layout inside. */
  readonly paths: readonly string[];
  /** The commit that has them in normal form; none where there was nothing to do. */
  readonly commit?: string;
}

const message = 'Normalise workflows';

/**
 * Commits workflows that came in raw (from before `init`, or by a machine without this tool) in normal form, as a commit of their own. Files,
 * edits and what is staged stay as they are; the layouts go to the journal.
 * @throws GitError `merge-in-progress`, `git-failed`
 */
export async function renormalize(repository: Repository, now: Context['now']): Promise<Renormalised> {
  const { doing } = await mergeHeads(repository);
  if (doing !== undefined) {
    throw new GitError('merge-in-progress', `a ${doing} is not finished: this is no time for a commit of its own`, {
      hint: `git ${doing} --continue, or git ${doing} --abort; then again: git comfy refresh --renormalize`,
    });
  }
  const raw = await rawWorkflows(repository);
  if (raw.length === 0) return { paths: [] };
  const blobs: ReplacedBlob[] = [];
  for (const { file, cleaned } of raw) {
    const after = await writeBlob(repository, cleaned.bytes);
    blobs.push({ path: file.path, mode: file.mode, before: file.blob, after });
  }
  await keepLayouts(repository, raw, blobs, now);
  return { paths: blobs.map(({ path }) => path), commit: await commitBlobs(repository, blobs, message) };
}

interface RawWorkflow {
  readonly file: TrackedFile;
  readonly cleaned: CleanedWorkflow;
}

async function rawWorkflows(repository: Repository): Promise<RawWorkflow[]> {
  const files = await workflowsOfHead(repository);
  const raw: RawWorkflow[] = [];
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    files.map(({ blob }) => blob),
  )) {
    const file = files[index++] as TrackedFile;
    const cleaned = bytes === undefined ? undefined : cleanBytes(bytes);
    if (bytes !== undefined && cleaned?.kind === 'workflow' && !cleaned.bytes.equals(bytes))
      raw.push({ file, cleaned });
  }
  return raw;
}

async function keepLayouts(
  repository: Repository,
  raw: readonly RawWorkflow[],
  blobs: readonly ReplacedBlob[],
  now: Context['now'],
): Promise<void> {
  const sources = openSources(await filterPlace(repository.top), now);
  try {
    for (const [index, { file, cleaned }] of raw.entries()) {
      const name = layoutName(blobs[index]?.after ?? '', file.path);
      await journalLayout(sources, { ...cleaned, name }, now);
    }
  } finally {
    sources.close();
  }
}
