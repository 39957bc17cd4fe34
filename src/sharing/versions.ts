import { join } from 'node:path';
import { readIfThere } from '../files/read.js';
import { filteredPaths } from '../git/attributes.js';
import { type ChangedFile, changedFiles, type FileSide, type Range } from '../git/changed-files.js';
import { readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';

/** One version of a file. */
export interface Version {
  /** As git stores it; a file of the work tree as it is there, layout and all. */
  readonly bytes: Uint8Array;
  /** Path in the repository and id of the blob, by which a layout is found; `undefined` for a file as it is. */
  readonly stored?: { readonly path: string; readonly blob: string };
}

/** A file in two versions; `undefined` is a side that is not there. */
export interface FileVersions {
  /** Relative to the top; the newer name of a renamed file. */
  readonly path: string;
  readonly renamedFrom?: string;
  /** Name of the picture that holds the version before. */
  readonly comparedWith?: string;
  readonly before: Version | undefined;
  readonly after: Version | undefined;
}

/**
 * The tracked workflows that may differ between two ends, by path.
 * @param paths as git takes them, relative to `cwd`; none means all
 * @throws GitError `git-failed` for a revision or path that git does not know
 */
export async function versionsIn(
  repository: Repository,
  range: Range,
  { paths = [], cwd = repository.top }: { readonly paths?: readonly string[]; readonly cwd?: string } = {},
): Promise<FileVersions[]> {
  const files = await onlyWorkflows(repository, await changedFiles(repository, range, paths, cwd));
  const blobs = await readBlobs(repository, files);
  return Promise.all(
    files.map(async ({ before, after }) => {
      const renamed = before !== undefined && after !== undefined && before.path !== after.path;
      return {
        path: (after ?? before)?.path ?? '',
        ...(renamed ? { renamedFrom: before.path } : {}),
        before: await versionOf(repository, before, blobs),
        after: await versionOf(repository, after, blobs),
      };
    }),
  );
}

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

async function versionOf(
  repository: Repository,
  side: FileSide | undefined,
  blobs: ReadonlyMap<string, Buffer>,
): Promise<Version | undefined> {
  if (side === undefined) return undefined;
  const { path, blob } = side;
  const bytes = blob === undefined ? await readIfThere(join(repository.top, path)) : blobs.get(blob);
  if (bytes === undefined) return undefined;
  return blob === undefined ? { bytes } : { bytes, stored: { path, blob } };
}
