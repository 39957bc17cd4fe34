import type { Server } from '../comfyui/server.js';
import type { Repository } from '../git/repository.js';
import { followServer } from './follow-server.js';
import { refreshFirst } from './refresh-first.js';
import { takeTurns } from './turns.js';
import { oneWatcher } from './watch-lock.js';
import type { WatchTools, WatchWishes } from './watch-stage.js';

/** ComfyUI may have saved a workflow in which a node was only dragged: then git's index is put right, not more often than this; milliseconds. */
const refreshEvery = 5000;

/**
 * Follows servers and records the runs of this repository's workflows, whoever queued them, until the signal fires. What git comfy queued itself
 * is left to the command that queued it. Servers that are away are waited for; with `once` each has to answer.
 * @throws GitError `git-failed`; ServerError with `once`
 */
export async function watch(
  repository: Repository,
  servers: readonly Server[],
  wishes: WatchWishes,
  tools: WatchTools,
): Promise<void> {
  // Where one cannot go on, the others end too: nobody would notice that half of the runs are no longer recorded.
  const ending = new AbortController();
  const common = { ...tools, signal: AbortSignal.any([tools.signal, ending.signal]) };
  const turns = takeTurns();
  const refresh = refresher(repository, tools);
  const followed = servers.map((server) =>
    oneWatcher(repository, server, common, () =>
      followServer(repository, server, wishes, { tools: common, turns, refresh }),
    ).catch((error: unknown) => {
      ending.abort();
      throw error;
    }),
  );
  const ended = await Promise.allSettled(followed);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function refresher(repository: Repository, { talk }: WatchTools): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - last < refreshEvery) return;
    await refreshFirst(repository, talk);
    last = performance.now();
  };
}
