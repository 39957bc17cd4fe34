import type { PromptRun } from '../comfyui/run-prompt.js';
import { serverName } from '../comfyui/server-address.js';
import { headCommit, type Repository } from '../git/repository.js';
import type { Environment } from '../lineage/state.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import type { FetchedOutput } from './fetch-outputs.js';
import type { Ready } from './prepare-run.js';
import { type RecordedRun, recordRun } from './record-run.js';
import type { RunFacts } from './run-facts.js';
import { type RunPlace, runObserved } from './run-observed.js';

/** One run that ended well and is recorded. */
export interface FinishedRun extends RecordedRun {
  readonly run: PromptRun;
  readonly outputs: readonly FetchedOutput[];
}

/** What stays the same for all runs of one call. */
export interface RunStage extends RunPlace {
  readonly repository: Repository;
  readonly environment: Environment;
  readonly info: ObjectInfo;
  /** `recordRun` where not given. */
  readonly record?: (facts: RunFacts) => Promise<RecordedRun>;
}

/**
 * Runs one prompt, as `runObserved`, and records it.
 * @param more what the record says besides
 * @throws ServerError; Interrupted, after what was queued has been cancelled; GitError `git-failed`
 */
export async function runReady(
  stage: RunStage,
  ready: Ready,
  more: Pick<RunFacts, 'head' | 'varies'> = {},
): Promise<FinishedRun> {
  const { repository, environment, info } = stage;
  // Asked before the run: the user may commit while it goes on.
  const head = await headCommit(repository);
  const { run, outputs, dependencies } = await runObserved(stage, ready);
  const record = stage.record ?? ((facts: RunFacts) => recordRun(repository, facts));
  const recorded = await record({
    ...run,
    ...(ready.workflow === undefined ? {} : { workflow: ready.workflow }),
    outputs,
    dependencies,
    environment,
    info,
    server: serverName(stage.server),
    captured: 'run',
    ...(head === undefined ? {} : { head }),
    ...more,
  });
  return { ...recorded, run, outputs };
}
