import { applyLayout } from '../workflow/apply-layout.js';
import { fitLayout } from '../workflow/fit-layout.js';
import type { JsonObject } from '../workflow/json.js';
import { firstPosition } from '../workflow/layers.js';
import type { Layout } from '../workflow/layout.js';
import { layoutBody, layoutTime, readLayout, timedLayout } from '../workflow/layout-document.js';
import { normalise } from '../workflow/normal-form.js';
import type { LayoutName } from './layout-names.js';
import type { LayoutSources } from './layout-sources.js';

/** A layout for a workflow, and whether it is of this very normal form or of an earlier version of the file. */
export interface FoundLayout {
  readonly layout: Layout;
  readonly exact: boolean;
}

/**
 * The layout to put back: that of this blob at this path, of this blob anywhere, else the newest of this path, fitted to
 * the workflow. Of several the newest; damaged ones are passed over.
 */
export async function findLayout(
  sources: LayoutSources,
  name: LayoutName,
  normal: JsonObject,
): Promise<FoundLayout | undefined> {
  const exact = newest(await sources.exact(name));
  return exact === undefined ? findOther(sources, name, () => normal) : { layout: exact, exact: true };
}

/** As `findLayout`, where there is none of this blob at this path. */
async function findOther(
  sources: LayoutSources,
  name: LayoutName,
  normal: () => JsonObject,
): Promise<FoundLayout | undefined> {
  const elsewhere = newest(await sources.ofBlob(name.blob));
  if (elsewhere !== undefined) return { layout: elsewhere, exact: true };
  const earlier = newest(await sources.ofPath(name.path));
  return earlier && { layout: { ...fitLayout(earlier, normal()), time: earlier.time }, exact: false };
}

/** The newest layout document of this blob at this path. */
export const newestText = async (sources: LayoutSources, name: LayoutName): Promise<string | undefined> =>
  newestFirst(await sources.exact(name))[0];

function newest(texts: readonly string[]): Layout | undefined {
  for (const text of newestFirst(texts)) {
    try {
      return readLayout(text);
    } catch {}
  }
  return undefined;
}

/** By the time inside; of two of one time the one that was written later. */
const newestFirst = (texts: readonly string[]): string[] =>
  texts.toReversed().sort((a, b) => (layoutTime(a) === layoutTime(b) ? 0 : layoutTime(a) < layoutTime(b) ? 1 : -1));

/** A layout as clean took it out. */
export interface TakenLayout {
  readonly name: LayoutName;
  /** A normal form that somebody copied into the work tree has none. */
  readonly positioned: boolean;
  readonly body: () => string;
  readonly normal: () => JsonObject;
}

/**
 * Writes a layout to the journal, unless the same one is known already, or it is nobody's: without positions, or just what we
 * placed ourselves at a checkout. One that we borrowed from an earlier version keeps that version's time, so that the real
 * one, when it comes from a remote, is the newer. Returns the document, where it was written.
 */
export async function journalLayout(
  sources: LayoutSources,
  taken: TakenLayout,
  now: () => Date,
): Promise<string | undefined> {
  if (!taken.positioned) return undefined;
  const body = taken.body();
  const known = await newestText(sources, taken.name);
  if (known?.endsWith(`${body}\n`) === true) return undefined;
  const time = known === undefined ? await timeOfUnknown(sources, taken, body, now) : after(layoutTime(known), now());
  if (time === undefined) return undefined;
  const document = timedLayout(time, body);
  sources.keep(taken.name, document);
  return document;
}

/** Now; or just after the time of what this replaces, where a clock was ahead. */
function after(time: string, now: Date): string {
  const text = now.toISOString();
  const before = Date.parse(time);
  return text > time || Number.isNaN(before) ? text : new Date(before + 1).toISOString();
}

async function timeOfUnknown(
  sources: LayoutSources,
  { name, normal }: TakenLayout,
  body: string,
  now: () => Date,
): Promise<string | undefined> {
  const found = await findOther(sources, name, normal);
  // Our own placing starts a column at the origin: a cheap look spares making it again for every new file.
  if (found === undefined && !body.includes(firstPlace)) return now().toISOString();
  const ours = normalise(applyLayout(normal(), found?.layout)).layout;
  return layoutBody(ours) === body ? found?.layout.time : now().toISOString();
}

const firstPlace = `"pos":${JSON.stringify(firstPosition)}`;
