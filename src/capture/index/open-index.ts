import { askAgain, DamagedCache } from '../../files/damaged-cache.js';
import { type LineageTips, lineageSources, lineageTips } from '../../git/lineage-sources.js';
import { readObjects } from '../../git/objects.js';
import type { Repository } from '../../git/repository.js';
import { emptyIndex, type LineIndex } from '../../lineage/index/line-index.js';
import { startUpdate } from '../../lineage/index/update.js';
import { type KeptIndex, readIndexFile, writeIndexFile } from './index-file.js';

/** A watcher asks many times: what was read last is at hand. */
const held = new WeakMap<Repository, KeptIndex>();

/**
 * Asks the index of lineage as the refs are now: from the cache, and where the refs have moved since, with what came and went. Deleting the cache costs time
 * only; two processes may do this at once, each writes a whole file.
 * @param ask only asks: it may be called again
 * @throws GitError `git-failed`; what `ask` throws
 */
export function askIndex<T>(repository: Repository, ask: (index: LineIndex) => Promise<T>): Promise<T> {
  return askAgain(async () => {
    try {
      return await ask(await openIndex(repository));
    } catch (error) {
      if (error instanceof DamagedCache) held.delete(repository);
      throw error;
    }
  });
}

async function openIndex(repository: Repository): Promise<LineIndex> {
  const tips = await lineageTips(repository);
  const before = held.get(repository) ?? readIndexFile(repository);
  if (before !== undefined && same(before.tips, tips)) return hold(repository, before);
  const index = await updated(repository, before?.index ?? emptyIndex(), tips);
  await writeIndexFile(repository, { tips, index });
  return hold(repository, { tips, index });
}

function hold(repository: Repository, kept: KeptIndex): LineIndex {
  held.set(repository, kept);
  return kept.index;
}

const same = (a: LineageTips, b: LineageTips) => a.notes === b.notes && a.store === b.store;

async function updated(repository: Repository, old: LineIndex, tips: LineageTips): Promise<LineIndex> {
  const sources = await lineageSources(repository, tips);
  const update = startUpdate(old, sources);
  let at = 0;
  const blobs = update.missing.map(({ blob }) => blob);
  if (blobs.length > 0) {
    for await (const { bytes } of readObjects(repository, blobs)) {
      const source = update.missing[at++];
      if (source !== undefined && bytes !== undefined) update.add(source, bytes);
    }
  }
  const index = update.finish();
  // Most of what it knew is gone (a history that was rewritten or cleared): the rest is read anew.
  return index.sources.length === 0 && sources.length > 0 && old.sources.length > 0
    ? updated(repository, emptyIndex(), tips)
    : index;
}
