import { blobIdIn } from '../git/blob-id.js';
import { type FilterPlace, filterPlace } from '../git/filter-place.js';
import { applyLayout } from '../workflow/apply-layout.js';
import { nodesOf } from '../workflow/graphs.js';
import type { UntimedLayout } from '../workflow/layout.js';
import { writeLayout } from '../workflow/layout-document.js';
import type { Sides } from '../workflow/merge/sides.js';
import { normalise } from '../workflow/normal-form.js';
import { readWorkflowBytes } from '../workflow/read-bytes.js';
import { layoutName } from './layout-names.js';
import { type LayoutSources, openSources } from './layout-sources.js';
import { findLayout } from './layouts.js';

/** The layouts of three versions of one file, as far as anybody has noted them. */
export type VersionLayouts = Sides<UntimedLayout>;

/**
 * What is known of the layouts of three blobs of a path. Only a layout of that very version counts: one of another version says nothing about what
 * a side moved. Of a common version that nobody has a layout of, both sides saw how we place its nodes ourselves.
 */
export async function layoutsOfVersions(
  cwd: string,
  path: string,
  versions: Sides<Uint8Array>,
): Promise<VersionLayouts> {
  const place = await filterPlace(cwd);
  const sources = openSources(place, () => new Date(0));
  try {
    const of = (bytes: Uint8Array | undefined) =>
      bytes === undefined ? undefined : layoutOf(sources, place, path, bytes);
    const base = (await of(versions.base)) ?? placedByUs(versions.base);
    return { base, ours: await of(versions.ours), theirs: await of(versions.theirs) };
  } finally {
    sources.close();
  }
}

function placedByUs(bytes: Uint8Array | undefined): UntimedLayout | undefined {
  const { workflow } = bytes === undefined ? { workflow: undefined } : readWorkflowBytes(bytes);
  return workflow && normalise(applyLayout(normalise(workflow).normal, undefined)).layout;
}

async function layoutOf(
  sources: LayoutSources,
  place: FilterPlace,
  path: string,
  bytes: Uint8Array,
): Promise<UntimedLayout | undefined> {
  const { workflow } = readWorkflowBytes(bytes);
  if (workflow === undefined) return undefined;
  const { normal, layout } = normalise(workflow);
  if (nodesOf(workflow).some((node) => node.has('pos'))) return layout;
  const found = await findLayout(sources, layoutName(blobIdIn(place.objectFormat, bytes), path), normal);
  return found?.exact === true ? found.layout : undefined;
}

/** Notes the layout of a workflow that a merge made, so that the checkout finds it. */
export async function keepMergedLayout(
  cwd: string,
  path: string,
  text: string,
  layout: UntimedLayout,
  now: () => Date,
): Promise<void> {
  const place = await filterPlace(cwd);
  const sources = openSources(place, now);
  try {
    sources.keep(
      layoutName(blobIdIn(place.objectFormat, Buffer.from(text)), path),
      writeLayout({ ...layout, time: now().toISOString() }),
    );
  } finally {
    sources.close();
  }
}
