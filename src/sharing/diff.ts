import { allWidgetNames, lockedWidgetNames } from '../capture/widget-names.js';
import type { Range } from '../git/changed-files.js';
import type { Repository } from '../git/repository.js';
import { nameless } from '../workflow/diff-words.js';
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
  const { diffs } = await diffAll(repository, await versionsIn(repository, range, chosen), repository.top);
  return diffs.filter(differs);
}

/** More than layout. */
export const differs = ({ status, renamedFrom }: FileDiff): boolean => status !== 'same' || renamedFrom !== undefined;

/**
 * What changed in files, with the names of widgets that the lock has; where it lacks some, with those that servers once told.
 * @param top folder of `comfy.lock`
 */
export async function diffAll(
  repository: Repository | undefined,
  files: readonly FileVersions[],
  top: string,
  compare = diffVersions,
): Promise<{ readonly diffs: FileDiff[]; readonly names: WidgetNames | undefined }> {
  const names = await lockedWidgetNames(top);
  const diffs = files.map((file) => compare(file, names));
  if (repository === undefined || !diffs.some(({ changes }) => nameless(changes).length > 0)) return { diffs, names };
  const all = await allWidgetNames(repository, names);
  return { diffs: files.map((file) => compare(file, all)), names: all };
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
