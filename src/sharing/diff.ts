import { lockedWidgetNames } from '../capture/widget-names.js';
import type { Range } from '../git/changed-files.js';
import type { Repository } from '../git/repository.js';
import type { FileDiff } from '../workflow/file-diff.js';
import type { WidgetNames } from '../workflow/node-values.js';
import { compareDocuments, type DocumentDiff, diffDocuments } from './document-diff.js';
import { type FileVersions, versionsIn } from './versions.js';

/**
 * What changed in the tracked workflows between two ends, in words' order: files by path, changes by node. Files whose only change is layout
 * are left out.
 * @throws GitError `git-failed` for a revision or path that git does not know
 */
export async function diffRange(
  repository: Repository,
  range: Range,
  chosen: { readonly paths?: readonly string[]; readonly cwd?: string } = {},
): Promise<FileDiff[]> {
  const names = await lockedWidgetNames(repository.top);
  const versions = await versionsIn(repository, range, chosen);
  return versions
    .map((file) => diffVersions(file, names))
    .filter(({ status, renamedFrom }) => status !== 'same' || renamedFrom !== undefined);
}

/** What changed in one file; that a version is no workflow is said. */
export const diffVersions = (file: FileVersions, names: WidgetNames | undefined): FileDiff =>
  named(file, diffDocuments(file.before?.bytes, file.after?.bytes, names));

/** As `diffVersions`, for files that somebody chose. @throws InputError where a version is no workflow, or of another format */
export const compareVersions = (file: FileVersions, names: WidgetNames | undefined): FileDiff =>
  named(file, compareDocuments(file.before?.bytes, file.after?.bytes, names));

function named({ before: _, after: __, ...names }: FileVersions, diff: DocumentDiff): FileDiff {
  return { ...names, ...diff };
}
