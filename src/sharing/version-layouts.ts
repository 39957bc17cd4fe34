import { layoutName } from '../capture/layout-names.js';
import { openSources } from '../capture/layout-sources.js';
import { findLayout } from '../capture/layouts.js';
import type { Repository } from '../git/repository.js';
import { cleanBytes } from '../workflow/clean.js';
import type { JsonObject } from '../workflow/json.js';
import type { UntimedLayout } from '../workflow/layout.js';
import { type LayoutChanges, layoutChanges } from '../workflow/layout-changes.js';
import type { FileVersions, Version } from './versions.js';

/** A workflow in normal form with the layout it was saved with, if that is known. */
export interface LaidOut {
  readonly normal: JsonObject;
  readonly layout: UntimedLayout | undefined;
}

/** Reads the layouts of versions: of the file itself, else the one that was kept for its blob. */
export interface LayoutReader {
  /** `undefined` for what is no workflow. */
  read(version: Version | undefined): Promise<LaidOut | undefined>;
  close(): void;
}

export function layoutReader(repository: Repository | undefined, now: () => Date): LayoutReader {
  const sources = repository === undefined ? undefined : openSources(repository, now);
  return {
    async read(version) {
      const cleaned = version === undefined ? undefined : cleanBytes(version.bytes);
      if (version === undefined || cleaned?.kind !== 'workflow') return undefined;
      const { normal, layout, positioned } = cleaned;
      if (positioned || version.stored === undefined || sources === undefined) {
        return { normal, layout: positioned ? layout : undefined };
      }
      const name = layoutName(version.stored.blob, version.stored.path);
      return { normal, layout: (await findLayout(sources, name, normal))?.layout };
    },
    close: () => sources?.close(),
  };
}

/** What moved between two versions; `undefined` where nothing did or a layout is not known. */
export async function layoutDifference(
  reader: LayoutReader,
  { before, after }: FileVersions,
): Promise<LayoutChanges | undefined> {
  const [old, fresh] = [await reader.read(before), await reader.read(after)];
  if (old?.layout === undefined || fresh?.layout === undefined) return undefined;
  return layoutChanges(old.layout, fresh.layout);
}
