import { blobIdIn } from '../git/blob-id.js';
import { type FilterPlace, filterPlace, usualPlace } from '../git/filter-place.js';
import { type KeptLayouts, keptLayouts } from '../git/kept-layouts.js';
import { openBlob, smudgedBytes, type Through } from '../workflow/clean.js';
import type { JsonObject } from '../workflow/json.js';
import type { UntimedLayout } from '../workflow/layout.js';
import { openReadAhead, type ReadAhead } from './ahead/read-ahead.js';
import { filterLimits } from './filter-limits.js';
import { type LayoutName, layoutName } from './layout-names.js';
import { type LayoutSources, openSources } from './layout-sources.js';
import { findLayout, journalLayout, newestText } from './layouts.js';
import { openSavedFiles, type SavedFiles, savedFolder } from './saved-files.js';
import { openShownTexts, type Showing, type ShownTexts } from './shown-texts.js';
import { type TakenOut, takeOut } from './taken-out.js';

/** What a filter says and asks of the world. */
export interface FilterWorld {
  readonly cwd: string;
  readonly say: (line: string) => void;
  readonly now: () => Date;
  /** Where git may start textconv on what it gets. */
  readonly showing?: Showing;
  /** Whether nothing in the environment says where the repository is. */
  readonly unled?: boolean;
}

/** Both filters at work. Layouts are kept and found where there is a repository, and never stand in the way of a file. */
export interface Filters {
  readonly world: FilterWorld;
  readonly repository: FilteredRepository | undefined;
  /** Layouts that were taken out and are still to be written down. */
  readonly taken: Taken[];
}

interface FilteredRepository {
  readonly place: FilterPlace;
  readonly sources: LayoutSources;
  readonly kept: KeptLayouts;
  readonly saved: SavedFiles;
  readonly ahead: ReadAhead;
  readonly shown: ShownTexts | undefined;
}

interface Taken {
  readonly path: string | Buffer;
  /** The file that it was taken out of. */
  readonly file: Uint8Array;
  readonly taken: TakenOut;
}

/** Finds the repository; close with `closeFilters`. */
export async function openFilters(world: FilterWorld): Promise<Filters> {
  const usual = world.unled ? usualPlace(world.cwd) : undefined;
  const place = usual ?? (await filterPlace(world.cwd).catch(() => undefined));
  if (place === undefined) return { world, repository: undefined, taken: [] };
  const saved = openSavedFiles(savedFolder(place), world.now);
  const sources = openSources(place, world.now);
  const [kept, ahead] = [keptLayouts(place), openReadAhead(place.top)];
  const shown = world.showing && openShownTexts(place, world.showing);
  return { world, repository: { place, sources, kept, saved, ahead, shown }, taken: [] };
}

/** Finishes the journal; a failure there is said, and fails nothing. */
export async function closeFilters(filters: Filters): Promise<void> {
  await keepLayouts(filters);
  const { world, repository } = filters;
  repository?.kept.close();
  repository?.shown?.close();
  repository?.saved.close();
  try {
    repository?.sources.close();
  } catch (error) {
    world.say(`git comfy: layouts could not be kept: ${(error as Error).message}`);
  }
}

/**
 * The bytes that git stores for a file; `undefined` where they are the file's own. The layout that it takes out waits for `keepLayouts`:
 * git can have the answer first, and does not end before we do.
 * @param path relative to the top; git's bytes
 */
export async function cleanFile(
  filters: Filters,
  path: string | Buffer,
  bytes: Uint8Array,
): Promise<Uint8Array | undefined> {
  const { repository } = filters;
  const keeps = (await repository?.kept.keeps(path)) ?? false;
  const ready = keeps ? undefined : repository?.ahead.take(String(path), bytes);
  const taken = ready ?? takeOut(bytes, keeps ? 'kept' : 'normal');
  if (taken.kind === 'through') return sayWhy(filters, path, taken);
  if (!keeps) filters.taken.push({ path, file: bytes, taken });
  return taken.bytes;
}

/** What is to be done while git goes on: nothing of it is waited for, and nothing of it fails anything. */
export async function meanwhile(filters: Filters): Promise<void> {
  await keepLayouts(filters);
  filters.repository?.ahead.prepare();
  filters.repository?.saved.prepare();
}

/** Writes down the layouts that were taken out; a failure is said, and fails nothing. */
export async function keepLayouts(filters: Filters): Promise<void> {
  for (const one of filters.taken.splice(0)) await keepLayout(filters, one);
}

async function keepLayout({ world, repository }: Filters, { path, file, taken }: Taken): Promise<void> {
  if (repository === undefined) return;
  try {
    const name = layoutName(blobIdIn(repository.place.objectFormat, taken.bytes), path);
    repository.sources.look();
    const layout = await journalLayout(repository.sources, { ...taken, name }, world.now);
    if (layout !== undefined) repository.saved.keep(name.blob, layout, file);
  } catch (error) {
    world.say(`git comfy: the layout of ${path} could not be kept: ${(error as Error).message}`);
  }
}

/**
 * The file's bytes for a blob; `undefined` where they are the blob's own.
 * @param blob its id, where git has said it
 */
export async function smudgeFile(
  filters: Filters,
  path: string | Buffer,
  bytes: Uint8Array,
  blob?: string,
): Promise<Uint8Array | undefined> {
  const { repository } = filters;
  const name = repository && layoutName(blob ?? blobIdIn(repository.place.objectFormat, bytes), path);
  const saved = repository && name && (await savedFile(repository, name));
  if (saved !== undefined) return saved;
  const opened = openBlob(bytes, filterLimits);
  if (opened.kind === 'through') return sayWhy(filters, path, opened);
  const layout = name && (await layoutFor(filters, path, name, opened.normal));
  return smudgedBytes(opened.normal, layout, bytes.length * 2);
}

/** The file as it was when its newest layout was taken out of it. Whatever goes wrong here, the layout can still be put back. */
async function savedFile({ sources, saved }: FilteredRepository, name: LayoutName): Promise<Buffer | undefined> {
  if (!saved.knows(name.blob)) return undefined;
  try {
    sources.look();
    const layout = await newestText(sources, name);
    return layout === undefined ? undefined : saved.find(name.blob, layout);
  } catch {
    return undefined;
  }
}

async function layoutFor(
  { world, repository }: Filters,
  path: string | Buffer,
  name: LayoutName,
  normal: JsonObject,
): Promise<UntimedLayout | undefined> {
  if (repository === undefined) return undefined;
  try {
    repository.sources.look();
    return (await findLayout(repository.sources, name, normal))?.layout;
  } catch (error) {
    world.say(`git comfy: the layout of ${path} could not be read: ${(error as Error).message}`);
    return undefined;
  }
}

function sayWhy({ world }: Filters, path: string | Buffer, { warning }: Through): undefined {
  if (warning !== undefined) world.say(`git comfy: ${path} is left as it is: ${warning}`);
}
