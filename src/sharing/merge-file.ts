import { filterLimits } from '../capture/filter-limits.js';
import { keepMergedLayout, layoutsOfVersions } from '../capture/merged-layout.js';
import { runGit } from '../git/exec.js';
import { dressedText } from '../workflow/clean.js';
import { documentKind } from '../workflow/detect.js';
import { canonicalJson, isObject } from '../workflow/json.js';
import type { Choices, Side } from '../workflow/merge/sides.js';
import { conflictText } from '../workflow/merge/words.js';
import type { WidgetNames } from '../workflow/node-values.js';
import { readJsonBytes } from '../workflow/read-bytes.js';
import { type MergedDocument, type MergeKind, mergeDocuments, type Versions } from './merge-documents.js';

/** The three versions that git hands over: their bytes, and the files that hold them. */
export interface MergeRequest {
  readonly kind: MergeKind;
  /** Where the result will be, relative to the top. */
  readonly path: string;
  readonly versions: { readonly base: Uint8Array; readonly ours: Uint8Array; readonly theirs: Uint8Array };
  readonly files: { readonly base: string; readonly ours: string; readonly theirs: string };
  /** The layout stays in the file (`comfy-layout=keep`). */
  readonly keepsLayout?: boolean;
  /** What `-X` says: every conflict goes to this side. */
  readonly favor?: Side;
  /** Names of widgets by class; asked for where there is something to say. */
  readonly names: () => Promise<WidgetNames | undefined>;
  readonly now: () => Date;
}

export interface MergeAnswer {
  /** What the file gets; `undefined` leaves ours as it is. */
  readonly content: string | Uint8Array | undefined;
  /** What is left for a person to decide, each in words; none when the merge is done. */
  readonly conflicts: readonly string[];
}

/**
 * Merges one file in the top folder `cwd`. Workflows, prompts and the lock as what they are; where something is left to decide, ours stands in its place, so that the
 * file can be loaded. Anything else by git's own merge of lines, if no conflict is left and JSON is still JSON: markers would make a file that no program loads.
 */
export async function mergeFile(cwd: string, request: MergeRequest): Promise<MergeAnswer> {
  const versions: Versions = {
    ...request.versions,
    base: request.versions.base.length === 0 ? undefined : request.versions.base,
  };
  const merged = await mergeFavoring(request, versions);
  if (merged === undefined) return mergeLines(cwd, request);
  const open = merged.conflicts.filter(({ decided }) => !decided).map(conflictText);
  if (merged.kind === 'prompt') return { content: await promptBytes(cwd, merged, request), conflicts: open };
  return { content: await dressed(cwd, merged, request, versions), conflicts: open };
}

/** What git stores of the merge; the layout goes into it, or to where the checkout finds it. */
async function dressed(
  cwd: string,
  { text, layout }: MergedDocument,
  { path, versions: { ours }, keepsLayout, now }: MergeRequest,
  versions: Versions,
): Promise<string> {
  // A file that stays as ours is left alone by git, and keeps the layout that it has.
  if (layout === undefined || Buffer.from(text).equals(ours)) return text;
  const layouts = await layoutsOfVersions(cwd, path, versions);
  if (keepsLayout) return dressedText(text, layout(layouts));
  if (layouts.ours !== undefined || layouts.theirs !== undefined) {
    await keepMergedLayout(cwd, path, text, layout(layouts), now);
  }
  return text;
}

async function mergeFavoring(
  { kind, favor, names }: MergeRequest,
  versions: Versions,
): Promise<MergedDocument | undefined> {
  const merged = mergeDocuments(kind, versions);
  if (merged === undefined || merged.conflicts.length === 0) return merged;
  return mergeDocuments(kind, versions, favor === undefined ? new Map() : allTo(favor, merged), await names());
}

/** Every conflict decided for one side. */
export const allTo = (side: Side, { conflicts }: Pick<MergedDocument, 'conflicts'>): Choices =>
  new Map(conflicts.map(({ key }) => [key, side]));

/** Others format prompts: a version that says the same as the merge is taken as it is written, the merge of lines too. */
async function promptBytes(
  cwd: string,
  { text }: MergedDocument,
  { versions, files }: MergeRequest,
): Promise<string | Uint8Array> {
  const wanted = sameText(Buffer.from(text));
  if (sameText(versions.ours) === wanted) return versions.ours;
  if (sameText(versions.theirs) === wanted) return versions.theirs;
  const lines = await runGit(cwd, lineMerge(files));
  return lines.code === 0 && sameText(lines.stdout) === wanted ? lines.stdout : text;
}

function sameText(bytes: Uint8Array): string | undefined {
  const json = readJsonBytes(bytes, filterLimits);
  return json === undefined ? undefined : canonicalJson(json);
}

/** Labels for markers, where git would write the names of temporary files. */
const lineMerge = ({ ours, base, theirs }: MergeRequest['files']) => [
  ...['merge-file', '-p', '-L', 'ours', '-L', 'base', '-L', 'theirs', '--'],
  ...[ours, base, theirs],
];

async function mergeLines(cwd: string, { kind, versions, files }: MergeRequest): Promise<MergeAnswer> {
  if ([versions.base, versions.ours, versions.theirs].some(({ length }) => length > mostLines)) {
    return { content: undefined, conflicts: ['the file is too large to be merged'] };
  }
  const merged = await runGit(cwd, lineMerge(files));
  const kinds = [versions.ours, versions.theirs].map(kindOf);
  // Only a text that is no JSON on either side has a use for markers; a lock with markers could not be read.
  if (kind === 'content' && kinds.every((kind) => kind === 'no json') && merged.code >= 0 && merged.code < 128) {
    return { content: merged.stdout, conflicts: merged.code === 0 ? [] : ['both sides changed the same lines'] };
  }
  if (merged.code === 0 && kindOf(merged.stdout) === kinds[0]) return { content: merged.stdout, conflicts: [] };
  return { content: undefined, conflicts: ['both sides changed the same lines'] };
}

/** What git merges by lines at most, in bytes. */
const mostLines = 64 * 1024 * 1024;

function kindOf(bytes: Uint8Array): string {
  const json = readJsonBytes(bytes, filterLimits);
  if (json !== undefined) return isObject(json) ? documentKind(json) : 'json';
  const start = Buffer.from(bytes.subarray(0, 64)).toString('utf8').trimStart();
  return /^\ufeff?[{[]/.test(start) ? 'meant as json' : 'no json';
}
