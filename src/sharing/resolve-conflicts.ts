import { join } from 'node:path';
import { filterLimits } from '../capture/filter-limits.js';
import { layoutsOfVersions } from '../capture/merged-layout.js';
import { writeFileAtomic } from '../files/atomic.js';
import { isFile, readIfThere } from '../files/read.js';
import { git } from '../git/exec.js';
import type { Repository } from '../git/repository.js';
import { dressedText } from '../workflow/clean.js';
import { mergeLayouts } from '../workflow/merge/layouts.js';
import type { Choices, Side } from '../workflow/merge/sides.js';
import { normalise } from '../workflow/normal-form.js';
import { readWorkflowBytes } from '../workflow/read-bytes.js';
import { forgetChoices, saveChoices } from './conflict-choices.js';
import { type ConflictedFile, openItems, wholeKey } from './conflicts.js';
import { type MergedDocument, mergeDocuments } from './merge-documents.js';
import { allTo } from './merge-file.js';

/** What became of a file. */
export interface Resolved {
  readonly path: string;
  /** Nothing is left: the file is staged. */
  readonly staged: boolean;
  readonly left: number;
}

/**
 * Decides items of a file and writes the file anew: what was edited by hand since the merge stays, but for what is decided now. When
 * nothing is left the file is added through the filter; until then what was decided is remembered.
 * @param decide what is decided now, by key
 */
export async function resolveFile(repository: Repository, file: ConflictedFile, decide: Choices): Promise<Resolved> {
  const choices: Choices = new Map([...file.choices, ...decide]);
  if (file.kind === 'file') return resolveWhole(repository, file, choices.get(wholeKey));
  await writeMerged(repository, file, choices);
  const left = (file.merge(choices)?.conflicts ?? []).filter(({ decided }) => !decided).length;
  const undecided = file.items.filter(({ key }) => !choices.has(key)).length;
  if (Math.max(left, undecided) > 0) {
    await saveChoices(repository, file.unmerged, choices);
    return { path: file.path, staged: false, left: Math.max(left, undecided) };
  }
  await stage(repository, file);
  return { path: file.path, staged: true, left: 0 };
}

async function stage(repository: Repository, file: ConflictedFile): Promise<void> {
  await git(repository.top, ['--literal-pathspecs', 'add', '--', file.path]);
  await forgetChoices(repository, file.unmerged);
}

/** All that is open, to one side. */
export const remainingTo = (side: Side, file: ConflictedFile): Choices =>
  new Map(openItems(file).map(({ key }) => [key, side]));

async function writeMerged(repository: Repository, file: ConflictedFile, choices: Choices): Promise<void> {
  const path = join(repository.top, file.path);
  const [before, after] = [file.merge(file.choices), file.merge(choices)];
  if (before === undefined || after === undefined) return;
  const there = await readIfThere(path);
  const text = there === undefined ? after.text : withHandEdits(file, there, before, after);
  await writeFileAtomic(path, file.kind === 'workflow' ? await dressed(repository, file, after, text, there) : text);
}

/** What stands in the work tree, moved from one state of the decisions to the next. */
function withHandEdits(file: ConflictedFile, there: Buffer, before: MergedDocument, after: MergedDocument): string {
  const sides = { base: Buffer.from(before.text), ours: there, theirs: Buffer.from(after.text) };
  const kind = file.kind === 'lock' ? 'lock' : 'content';
  const merged = mergeDocuments(kind, sides);
  // A file that holds something else by now, such as markers of git's own merge, has nothing that could be kept.
  if (merged === undefined) return after.text;
  // What was decided now counts, also where the hand had been.
  return (mergeDocuments(kind, sides, allTo('theirs', merged)) ?? merged).text;
}

/** The workflow with positions: those that the file has now, then those of the three versions. */
async function dressed(
  repository: Repository,
  file: ConflictedFile,
  after: MergedDocument,
  text: string,
  there: Buffer | undefined,
): Promise<string> {
  if (after.layout === undefined) return text;
  const layouts = await layoutsOfVersions(repository.top, file.path, file.versions);
  const merged = after.layout(layouts);
  const { workflow } = there === undefined ? { workflow: undefined } : readWorkflowBytes(there, filterLimits);
  const own = workflow && normalise(workflow).layout;
  // Git leaves a file alone of which the merge kept all of ours: what stands where our version had it was not put there by hand.
  const sides = { base: layouts.ours, ours: own, theirs: merged };
  const layout = mergeLayouts(sides, { nodes: new Map(), links: new Map() });
  return dressedText(text, layout);
}

/** One version or the other: also that of a side which took the file out. */
async function resolveWhole(repository: Repository, file: ConflictedFile, side: Side | undefined): Promise<Resolved> {
  if (side === undefined) return { path: file.path, staged: false, left: 1 };
  const literal = ['--literal-pathspecs'];
  const isThere = await isFile(join(repository.top, file.path));
  const { ours, theirs } = file.unmerged;
  if (file.unmerged[side] === undefined) {
    await git(repository.top, [...literal, 'rm', '--quiet', '--force', '--ignore-unmatch', '--', file.path]);
    await forgetChoices(repository, file.unmerged);
    return { path: file.path, staged: true, left: 0 };
  }
  // Where only one side has the file, it is what git left there, perhaps with edits since.
  if (!isThere || (ours !== undefined && theirs !== undefined)) {
    await git(repository.top, [...literal, 'checkout', `--${side}`, '--', file.path]);
  }
  await stage(repository, file);
  return { path: file.path, staged: true, left: 0 };
}
