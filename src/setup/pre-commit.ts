import { readBlob, readObjects } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { stagedWorkflows } from '../git/staged.js';
import type { TrackedFile } from '../git/tracked.js';
import { readSettings, settingsPath } from '../lock/settings.js';
import { isNormalForm } from '../workflow/clean.js';

/** Why a commit is refused, and what mends it. */
export interface Refusal {
  readonly text: string;
  readonly hint: string;
}

/**
 * What is wrong with what is about to be committed; empty lets it pass. Only the index is read.
 * @throws InputError `settings-newer` when a newer git comfy keeps this repository
 */
export async function checkStaged(repository: Repository): Promise<Refusal[]> {
  const settings = await readBlob(repository, `:${settingsPath}`);
  if (settings !== undefined) readSettings(settings.toString('utf8'));
  const staged = await stagedWorkflows(repository);
  const raw: string[] = [];
  let index = 0;
  for await (const { bytes } of readObjects(
    repository,
    staged.map(({ blob }) => blob),
  )) {
    const { path } = staged[index++] as TrackedFile;
    if (bytes !== undefined && !isNormalForm(bytes)) raw.push(path);
  }
  return raw.map((path) => ({
    text: `${path} is staged with its layout inside, not in normal form`,
    hint: `git add --renormalize -- ${shellWord(path)}`,
  }));
}

/** To be pasted into a shell. */
const shellWord = (path: string) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
