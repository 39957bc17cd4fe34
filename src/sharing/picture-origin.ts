import { basename, join } from 'node:path';
import { comparerFor } from '../capture/compare-with-commit.js';
import { readRunnable } from '../capture/runnable.js';
import { InputError } from '../errors.js';
import { readIfThere } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { trackedWorkflows } from '../git/tracked.js';
import { shellWord } from '../shell-word.js';
import type { PromptMatch } from '../workflow/match-prompt.js';
import { readSource } from '../workflow/read-source.js';
import { resolveNodes } from '../workflow/resolved-nodes.js';
import { documentIn } from './file-versions.js';
import type { FileVersions } from './versions.js';

/**
 * A picture alone: what is embedded in it against the tracked workflow that it most likely came from, as that is in the work tree now. Tried are the
 * steps by which a run finds its commit, then which file has most nodes of the same class and id.
 * @throws InputError `no-such-workflow` where none resembles it
 */
export async function versionsOfPicture(repository: Repository, picture: string): Promise<FileVersions> {
  const { workflow, prompt = new Map() } = await readRunnable(picture);
  const compare = comparerFor({ snapshot: 1, prompt, ...(workflow === undefined ? {} : { workflow }) });
  const classes = classesIn(Buffer.from((await documentIn(picture)).bytes));
  let best: { readonly path: string; readonly bytes: Uint8Array; readonly rank: number } | undefined;
  for (const { path } of await trackedWorkflows(repository)) {
    const bytes = await readIfThere(join(repository.top, path));
    if (bytes === undefined) continue;
    const rank = rankOf(compare(bytes)) ?? resemblance(classes, classesIn(bytes));
    if (rank > (best?.rank ?? 0)) best = { path, bytes, rank };
  }
  if (best === undefined) throw notFound(picture);
  return {
    path: best.path,
    comparedWith: basename(picture),
    before: await documentIn(picture),
    after: { bytes: best.bytes },
  };
}

const notFound = (picture: string) =>
  new InputError('no-such-workflow', `no tracked workflow resembles the one in ${picture}`, {
    hint: `give the file to compare with: git comfy diff ${shellWord(picture)} <workflow>`,
  });

/** The ladder's steps come before any resemblance, which is below 1; of derived ones the nearest. */
function rankOf(match: PromptMatch | undefined): number | undefined {
  if (match === undefined) return undefined;
  return match === 'exact' ? 4 : match === 'seeds' ? 3 : 1 + 1 / (1 + match.derived.length);
}

/** `<class> <id>` of the nodes that run. */
function classesIn(bytes: Uint8Array): ReadonlySet<string> {
  try {
    const source = readSource(bytes);
    return new Set((source === undefined ? [] : resolveNodes(source)).map(({ classType, id }) => `${classType} ${id}`));
  } catch (error) {
    if (error instanceof InputError) return new Set();
    throw error;
  }
}

/** Share of nodes that both have; less than half of them is another workflow. */
function resemblance(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((node) => b.has(node)).length;
  const share = common / Math.max(a.size, b.size, 1);
  return share < 0.5 ? 0 : share * 0.99;
}
