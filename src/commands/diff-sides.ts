import { refreshFirst } from '../capture/refresh-first.js';
import type { Context } from '../context.js';
import { findRepository, openWorkTree, type Repository } from '../git/repository.js';
import { compareVersions, diffAll, diffVersions } from '../sharing/diff.js';
import { askedFiles, askedPicture, askedRange } from '../sharing/diff-arguments.js';
import { versionsOfFiles } from '../sharing/file-versions.js';
import { versionsOfPicture } from '../sharing/picture-origin.js';
import { layoutDifference, layoutReader } from '../sharing/version-layouts.js';
import { type FileVersions, versionsIn } from '../sharing/versions.js';
import { type FileDiff, isTold } from '../workflow/file-diff.js';
import type { WidgetNames } from '../workflow/node-values.js';
import type { Input } from './command.js';

/** What `diff` was asked to compare, compared. */
export interface ComparedSides {
  readonly repository: Repository | undefined;
  readonly names: WidgetNames | undefined;
  /** Files with something to tell. */
  readonly told: readonly { readonly diff: FileDiff; readonly versions: FileVersions }[];
}

interface Sides {
  readonly repository: Repository | undefined;
  readonly versions: readonly FileVersions[];
  /** The files were named one by one: one that is no workflow is an error. */
  readonly chosen: boolean;
}

/** Two files, a picture, or what git knows; see the command's help. */
export async function compareSides(context: Context, input: Input): Promise<ComparedSides> {
  const { repository, versions, chosen } = await openSides(context, input);
  const compare = chosen ? compareVersions : diffVersions;
  const { diffs, names } = await diffAll(repository, versions, repository?.top ?? context.cwd, compare);
  const reader = input.options['layout'] === true ? layoutReader(repository, context.now) : undefined;
  const all = [];
  for (const [at, diff] of diffs.entries()) {
    const file = versions[at];
    if (file === undefined) continue;
    const layout = reader && (await layoutDifference(reader, file));
    all.push({ versions: file, diff: layout === undefined ? diff : { ...diff, layout } });
  }
  reader?.close();
  return { repository, names, told: all.filter(({ diff }) => isTold(diff)) };
}

async function openSides({ cwd, talk }: Context, { args, options }: Input): Promise<Sides> {
  const files = await askedFiles(cwd, args);
  if (files !== undefined) {
    return { repository: await findRepository(cwd), versions: [await versionsOfFiles(...files)], chosen: true };
  }
  const repository = await openWorkTree(cwd);
  const picture = await askedPicture(cwd, args);
  if (picture !== undefined) {
    return { repository, versions: [await versionsOfPicture(repository, picture)], chosen: true };
  }
  const side = options['staged'] === true ? 'staged' : options['unstaged'] === true ? 'unstaged' : undefined;
  const { range, paths } = await askedRange(repository, cwd, args, side);
  if (!('to' in range)) await refreshFirst(repository, talk);
  return { repository, versions: await versionsIn(repository, range, { paths, cwd }), chosen: false };
}
