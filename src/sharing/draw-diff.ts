import type { Repository } from '../git/repository.js';
import { applyLayout } from '../workflow/apply-layout.js';
import { compareDrawings, type GraphDrawing } from '../workflow/drawing/compare-drawings.js';
import type { FileDiff } from '../workflow/file-diff.js';
import type { WidgetNames } from '../workflow/node-values.js';
import { layoutReader } from './version-layouts.js';
import type { FileVersions } from './versions.js';

export interface Drawing {
  readonly repository: Repository | undefined;
  readonly names: WidgetNames | undefined;
  readonly now: () => Date;
}

/**
 * Draws what differs in a file, each version with its own layout. One that is not known is taken from the other version, and what that does not
 * know is placed. Prompts have no layout and are not drawn.
 */
export async function drawDiff(
  versions: FileVersions,
  { changes }: FileDiff,
  { repository, names, now }: Drawing,
): Promise<GraphDrawing[]> {
  const reader = layoutReader(repository, now);
  try {
    const [before, after] = [await reader.read(versions.before), await reader.read(versions.after)];
    const layouts = [before?.layout ?? after?.layout, after?.layout ?? before?.layout];
    const [old, fresh] = [before, after].map((each, at) => each && applyLayout(each.normal, layouts[at]));
    return old === undefined && fresh === undefined ? [] : compareDrawings(old, fresh, changes, names);
  } finally {
    reader.close();
  }
}
