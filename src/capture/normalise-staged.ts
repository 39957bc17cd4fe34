import { readObjects, writeBlob } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { stageEntry } from '../git/stage.js';
import { stagedWorkflows } from '../git/staged.js';
import { cleanBytes } from '../workflow/clean.js';

/**
 * Workflows that were staged without the filter (before `init`, by a tool that writes the index itself) are staged in normal form. The files
 * of the work tree are not touched, and nothing that is not staged gets in. Returns their paths.
 */
export async function normaliseStaged(repository: Repository): Promise<string[]> {
  const staged = await stagedWorkflows(repository);
  if (staged.length === 0) return [];
  const ids = staged.map(({ blob }) => blob);
  const raw: { readonly path: string; readonly mode: string; readonly normal: Buffer }[] = [];
  let at = 0;
  for await (const { bytes } of readObjects(repository, ids)) {
    const file = staged[at++];
    if (file === undefined || bytes === undefined) continue;
    const cleaned = cleanBytes(bytes, undefined, file.keepsLayout ? 'kept' : 'normal');
    if (cleaned.kind !== 'workflow') continue;
    if (!cleaned.bytes.equals(bytes)) raw.push({ path: file.path, mode: file.mode, normal: cleaned.bytes });
  }
  for (const { path, mode, normal } of raw) {
    await stageEntry(repository, path, { mode, blob: await writeBlob(repository, normal) });
  }
  return raw.map(({ path }) => path);
}
