import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import { serverEnvironment } from '../comfyui/server-environment.js';
import { type Look, watchHistory } from '../comfyui/watch-history.js';
import { headCommit, type Repository } from '../git/repository.js';
import { observeRun } from './observe-run.js';
import { recordLook } from './record-look.js';
import { refreshFirst } from './refresh-first.js';
import { findSurroundings } from './surroundings.js';
import { oneWatcher } from './watch-lock.js';
import type { WatchStage, WatchTools, WatchWishes } from './watch-stage.js';

/** ComfyUI may have saved a workflow in which a node was only dragged: then git's index is put right, not more often than this; milliseconds. */
const refreshEvery = 5000;

/**
 * Follows a server and records the runs of this repository's workflows, whoever queued them, until the signal fires. What git comfy queued itself
 * is left to the command that queued it.
 * @throws GitError `git-failed`
 */
export async function watch(
  repository: Repository,
  server: Server,
  wishes: WatchWishes,
  tools: WatchTools,
): Promise<void> {
  await oneWatcher(repository, server, tools, async () => {
    const { signal, talk } = tools;
    let stage: WatchStage | undefined;
    let refreshed = Number.NEGATIVE_INFINITY;
    const onSilence = (error: Error | undefined) => {
      // It may come back as another version, with other packs.
      stage = undefined;
      talk.say(error === undefined ? `${serverName(server)} is back` : `${error.message}; waiting for it`);
    };
    const pollEvery = wishes.pollEvery === undefined ? {} : { pollEvery: wishes.pollEvery };
    for await (const look of watchHistory(server, { signal, onSilence, ...pollEvery })) {
      stage ??= await openStage(repository, server, tools);
      await noteRunning(stage, look);
      await recordLook(stage, look, wishes);
      if (wishes.once && !look.more) return;
      if (performance.now() - refreshed < refreshEvery) continue;
      await refreshFirst(repository, talk);
      refreshed = performance.now();
    }
  });
}

async function openStage(repository: Repository, server: Server, tools: WatchTools): Promise<WatchStage> {
  const around = await findSurroundings(repository, { ...tools, server });
  const environment = await serverEnvironment(server, { ...around, signal: tools.signal });
  return { repository, server, tools, around, environment, running: new Map() };
}

/** Begins to look at what a run depends on while it runs. */
async function noteRunning({ repository, around, tools, running }: WatchStage, look: Look): Promise<void> {
  for (const { id, prompt } of look.running) {
    if (running.has(id)) continue;
    const dependencies = observeRun(prompt, around, tools).done;
    running.set(id, { head: await headCommit(repository), dependencies });
  }
}
