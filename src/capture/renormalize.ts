import type { Context } from '../context.js';
import { GitError } from '../errors.js';
import { commitBlobs, type ReplacedBlob } from '../git/commit-blobs.js';
import { filterPlace } from '../git/filter-place.js';
import { mergeHeads } from '../git/merge-heads.js';
import { readObjects, writeBlob } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { type TrackedFile, workflowsOfHead } from '../git/tracked.js';
import { type Cleaned, type CleanedWorkflow, cleanBytes, openBlob, smudgedBytes } from '../workflow/clean.js';
import { layoutName } from './layout-names.js';
import { type LayoutSources, openSources } from './layout-sources.js';
import { findLayout, journalLayout } from './layouts.js';
import { takenOut } from './taken-out.js';

export interface Renormalised {
  /** Workflows that were committed in another form than git is to store. */
  readonly paths: readonly string[];
  /** The commit that has them in normal form; none where there was nothing to do. */
  readonly commit?: string;
}

const message = 'Normalise workflows';

/**
 * Commits workflows that came in raw (from before `init`, or by a machine without this tool) in normal form, and those that
 * are to keep their layout with it, as a commit of their own. Files, edits and what is staged stay as they are; layouts that are taken out go to the journal.
 * @throws GitError `merge-in-progress`, `git-failed`
 */
export async function renormalize(repository: Repository, now: Context['now']): Promise<Renormalised> {
  const { doing } = await mergeHeads(repository);
  if (doing !== undefined) {
    throw new GitError('merge-in-progress', `a ${doing} is not finished: this is no time for a commit of its own`, {
      hint: `git ${doing} --continue, or git ${doing} --abort; then again: git comfy refresh --renormalize`,
    });
  }
  const sources = openSources(await filterPlace(repository.top), now);
  try {
    const raw = await rawWorkflows(repository, sources);
    if (raw.length === 0) return { paths: [] };
    const blobs: ReplacedBlob[] = [];
    for (const { file, cleaned } of raw) {
      const after = await writeBlob(repository, cleaned.bytes);
      blobs.push({ path: file.path, mode: file.mode, before: file.blob, after });
      const taken = { ...takenOut(cleaned), name: layoutName(after, file.path) };
      if (file.keepsLayout === undefined) await journalLayout(sources, taken, now);
    }
    return { paths: blobs.map(({ path }) => path), commit: await commitBlobs(repository, blobs, message) };
  } finally {
    sources.close();
  }
}

interface RawWorkflow {
  readonly file: TrackedFile;
  readonly cleaned: CleanedWorkflow;
}

async function rawWorkflows(repository: Repository, sources: LayoutSources): Promise<RawWorkflow[]> {
  const files = await workflowsOfHead(repository);
  const raw: RawWorkflow[] = [];
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    files.map(({ blob }) => blob),
  )) {
    const file = files[index++] as TrackedFile;
    if (bytes === undefined) continue;
    const cleaned = file.keepsLayout ? await keptForm(sources, file, bytes) : cleanBytes(bytes);
    if (cleaned.kind === 'workflow' && !cleaned.bytes.equals(bytes)) raw.push({ file, cleaned });
  }
  return raw;
}

/** Of a file that came in without its layout the one that a checkout would give it. */
async function keptForm(sources: LayoutSources, { blob, path }: TrackedFile, bytes: Buffer): Promise<Cleaned> {
  const opened = openBlob(bytes);
  if (opened.kind === 'through') return cleanBytes(bytes, undefined, 'kept');
  const found = await findLayout(sources, layoutName(blob, path), opened.normal);
  return cleanBytes(smudgedBytes(opened.normal, found?.layout), undefined, 'kept');
}
