import { join } from 'node:path';
import { readIfThere } from '../files/read.js';
import { readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { type TrackedFile, trackedWorkflows } from '../git/tracked.js';
import { isNormalForm, openBlob, smudgedText } from '../workflow/clean.js';
import { nothing, type Plan } from './plan.js';

interface Inspected {
  /** In the work tree as they are in git, normal form without a layout: what a clone without this tool has. */
  readonly bare: readonly string[];
  /** Committed in another form than git is to store. */
  readonly raw: readonly string[];
}

/** Looks at every tracked workflow; one process reads the blobs. */
export async function inspectWorkflows(repository: Repository): Promise<Inspected> {
  const files = await trackedWorkflows(repository);
  const bare: string[] = [];
  const raw: string[] = [];
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    files.map(({ blob }) => blob),
  )) {
    const { path, keepsLayout } = files[index++] as TrackedFile;
    if (bytes === undefined) continue;
    if (!isNormalForm(bytes, keepsLayout ? 'kept' : 'normal')) raw.push(path);
    else if (wantsLayout(bytes) && (await readIfThere(join(repository.top, path)))?.equals(bytes)) bare.push(path);
  }
  return { bare, raw };
}

function wantsLayout(bytes: Buffer): boolean {
  const opened = openBlob(bytes);
  return opened.kind === 'workflow' && smudgedText(opened.normal, undefined) !== bytes.toString('utf8');
}

/** A clone made before `init` has the files without layout; nobody edited them, so they are checked out again. */
export function planDressing(bare: readonly string[]): Plan {
  if (bare.length === 0) return nothing;
  const about = `give ${bare.length === 1 ? '1 workflow its' : `${bare.length} workflows their`} layout back`;
  return { steps: [{ do: 'dress', paths: bare, about }], remarks: [] };
}
