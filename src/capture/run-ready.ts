import type { PromptRun } from '../comfyui/run-prompt.js';
import { runPrompt } from '../comfyui/run-prompt.js';
import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import type { Context } from '../context.js';
import { headCommit, type Repository } from '../git/repository.js';
import type { Environment } from '../lineage/state.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { type FetchedOutput, fetchOutputs } from './fetch-outputs.js';
import { observeRun } from './observe-run.js';
import type { Ready } from './prepare-run.js';
import { type RecordedRun, recordRun } from './record-run.js';
import type { RunFacts } from './run-facts.js';
import type { Surroundings } from './surroundings.js';
import { tellRun } from './tell-run.js';

/** One run that ended well and is recorded. */
export interface FinishedRun extends RecordedRun {
  readonly run: PromptRun;
  readonly outputs: readonly FetchedOutput[];
}

/** What stays the same for all runs of one call. */
export interface RunStage {
  readonly repository: Repository;
  readonly server: Server;
  readonly tools: Pick<Context, 'signal' | 'talk'>;
  readonly around: Surroundings;
  readonly environment: Environment;
  readonly info: ObjectInfo;
  readonly folder: string;
  /** `recordRun` where not given. */
  readonly record?: (facts: RunFacts) => Promise<RecordedRun>;
}

/**
 * Runs one prompt, fetches and checks what it made, observes what it depends on meanwhile, and records it.
 * @param more what the record says besides
 * @throws ServerError; Interrupted, after what was queued has been cancelled; GitError `git-failed`
 */
export async function runReady(
  stage: RunStage,
  ready: Ready,
  more: Pick<RunFacts, 'head' | 'varies'> = {},
): Promise<FinishedRun> {
  const { repository, server, around, environment, info, folder, tools } = stage;
  const { signal, talk } = tools;
  // Asked before the run: the user may commit while it goes on.
  const head = await headCommit(repository);
  const observing = observeRun(ready.prompt, around, tools);
  try {
    const run = await runPrompt(server, ready, { signal, ...tellRun(ready, talk) });
    const outputs = await fetchOutputs(server, run.outputs, { installation: around.installation, folder, signal });
    const record = stage.record ?? ((facts: RunFacts) => recordRun(repository, facts));
    const recorded = await record({
      ...run,
      ...(ready.workflow === undefined ? {} : { workflow: ready.workflow }),
      outputs,
      dependencies: await observing.done,
      environment,
      info,
      server: serverName(server),
      captured: 'run',
      ...(head === undefined ? {} : { head }),
      ...more,
    });
    return { ...recorded, run, outputs };
  } finally {
    observing.stop();
    talk.progress(undefined);
  }
}
