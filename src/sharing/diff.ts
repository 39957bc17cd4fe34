import { join } from 'node:path';
import { readIfThere } from '../files/read.js';
import { filteredPaths } from '../git/attributes.js';
import { type ChangedFile, changedFiles, type FileSide, type Range } from '../git/changed-files.js';
import { readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { cleanBytes } from '../workflow/clean.js';
import { type DocumentDiff, diffDocuments } from './document-diff.js';
import { lockedWidgetNames } from './widget-names.js';

/** A workflow that differs between the two ends. */
export interface FileDiff extends DocumentDiff {
  /** Relative to the top; the newer name of a renamed file. */
  readonly path: string;
  readonly renamedFrom?: string;
}

/**
 * What changed in the tracked workflows between two ends, in words' order: files by path, changes by node. Files whose only change is layout
 * are left out.
 * @throws GitError `git-failed` for a revision or path that git does not know
 */
export async function diffRange(
  repository: Repository,
  range: Range,
  { paths = [], cwd = repository.top }: { readonly paths?: readonly string[]; readonly cwd?: string } = {},
): Promise<FileDiff[]> {
  const files = await onlyWorkflows(repository, await changedFiles(repository, range, paths, cwd));
  const blobs = await readBlobs(repository, files);
  const names = await lockedWidgetNames(repository.top);
  const found: FileDiff[] = [];
  for (const file of files) {
    const [before, after] = [
      await bytesOf(repository, file.before, blobs),
      await bytesOf(repository, file.after, blobs),
    ];
    const diff = diffDocuments(before, after, () => names);
    const renamed = isRenamed(file);
    if (diff.status !== 'same' || renamed !== undefined) {
      found.push({
        ...diff,
        path: (file.after ?? file.before)?.path ?? '',
        ...(renamed === undefined ? {} : { renamedFrom: renamed }),
      });
    }
  }
  return found;
}

const isRenamed = ({ before, after }: ChangedFile) =>
  before !== undefined && after !== undefined && before.path !== after.path ? before.path : undefined;

async function onlyWorkflows(repository: Repository, files: readonly ChangedFile[]): Promise<ChangedFile[]> {
  const paths = files.map(({ before, after }) => (after ?? before)?.path ?? '');
  const tracked = await filteredPaths(repository, paths, {});
  return files.filter((_, at) => tracked.has(paths[at] ?? ''));
}

async function readBlobs(repository: Repository, files: readonly ChangedFile[]): Promise<Map<string, Buffer>> {
  const ids = files.flatMap(({ before, after }) => [before?.blob, after?.blob]).filter((id) => id !== undefined);
  const blobs = new Map<string, Buffer>();
  for await (const { spec, bytes } of readObjects(repository, new Set(ids))) {
    if (bytes !== undefined) blobs.set(spec, bytes);
  }
  return blobs;
}

/** A file of the work tree as git would store it, so that layout is no difference. */
async function bytesOf(
  repository: Repository,
  side: FileSide | undefined,
  blobs: ReadonlyMap<string, Buffer>,
): Promise<Uint8Array | undefined> {
  if (side === undefined) return undefined;
  if (side.blob !== undefined) return blobs.get(side.blob);
  const bytes = await readIfThere(join(repository.top, side.path));
  return bytes === undefined ? undefined : normalBytes(bytes);
}

/** What git would store for these bytes. */
export function normalBytes(bytes: Uint8Array): Uint8Array {
  const cleaned = cleanBytes(bytes);
  return cleaned.kind === 'workflow' ? Buffer.from(cleaned.text) : bytes;
}
