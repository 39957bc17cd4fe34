import { createHash } from 'node:crypto';
import { type FilterPlace, filterPlace } from '../git/filter-place.js';
import { type KeptLayouts, keptLayouts } from '../git/kept-layouts.js';
import { type CleanedWorkflow, cleanBytes, openBlob, smudgedBytes, type Through } from '../workflow/clean.js';
import type { JsonLimits, JsonObject } from '../workflow/json.js';
import type { UntimedLayout } from '../workflow/layout.js';
import { layoutName } from './layout-names.js';
import { type LayoutSources, openSources } from './layout-sources.js';
import { findLayout, journalLayout } from './layouts.js';

/** What a filter says and asks of the world. */
export interface FilterWorld {
  readonly cwd: string;
  readonly say: (line: string) => void;
  readonly now: () => Date;
}

/** Both filters at work. Layouts are kept and found where there is a repository, and never stand in the way of a file. */
export interface Filters {
  readonly world: FilterWorld;
  readonly repository:
    | { readonly place: FilterPlace; readonly sources: LayoutSources; readonly kept: KeptLayouts }
    | undefined;
  /** Layouts that were taken out and are still to be written down. */
  readonly taken: Taken[];
}

interface Taken {
  readonly path: string | Buffer;
  readonly cleaned: CleanedWorkflow;
}

/** A workflow takes about ten times its text in memory; what is larger than this goes through. */
export const filterLimits: JsonLimits = { maxLength: 32 * 1024 * 1024, maxDepth: 256 };

/** Finds the repository; close with `closeFilters`. */
export async function openFilters(world: FilterWorld): Promise<Filters> {
  const place = await filterPlace(world.cwd).catch(() => undefined);
  return {
    world,
    repository: place && { place, sources: openSources(place, world.now), kept: keptLayouts(place) },
    taken: [],
  };
}

/** Finishes the journal; a failure there is said, and fails nothing. */
export async function closeFilters(filters: Filters): Promise<void> {
  await keepLayouts(filters);
  const { world, repository } = filters;
  repository?.kept.close();
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
  const keeps = (await filters.repository?.kept.keeps(path)) ?? false;
  const cleaned = cleanBytes(bytes, filterLimits, keeps ? 'kept' : 'normal');
  if (cleaned.kind === 'through') return sayWhy(filters, path, cleaned);
  if (!keeps) filters.taken.push({ path, cleaned });
  return cleaned.bytes;
}

/** Writes down the layouts that were taken out; a failure is said, and fails nothing. */
export async function keepLayouts(filters: Filters): Promise<void> {
  for (const taken of filters.taken.splice(0)) await keepLayout(filters, taken);
}

async function keepLayout({ world, repository }: Filters, { path, cleaned }: Taken): Promise<void> {
  if (repository === undefined) return;
  try {
    const name = layoutName(blobIdOf(repository.place, cleaned.bytes), path);
    repository.sources.look();
    await journalLayout(repository.sources, { ...cleaned, name }, world.now);
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
  const opened = openBlob(bytes, filterLimits);
  if (opened.kind === 'through') return sayWhy(filters, path, opened);
  return smudgedBytes(opened.normal, await layoutFor(filters, path, bytes, blob, opened.normal), bytes.length * 2);
}

async function layoutFor(
  { world, repository }: Filters,
  path: string | Buffer,
  bytes: Uint8Array,
  blob: string | undefined,
  normal: JsonObject,
): Promise<UntimedLayout | undefined> {
  if (repository === undefined) return undefined;
  try {
    const name = layoutName(blob ?? blobIdOf(repository.place, bytes), path);
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

/** The id that git gives a blob of these bytes. */
function blobIdOf({ objectFormat }: FilterPlace, bytes: Uint8Array): string {
  return createHash(objectFormat).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
