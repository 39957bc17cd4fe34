import { type PromptRun, runPrompt } from '../comfyui/run-prompt.js';
import type { Server } from '../comfyui/server.js';
import type { Context } from '../context.js';
import { type FetchedOutput, fetchOutputs } from './fetch-outputs.js';
import { observeRun } from './observe-run.js';
import type { Ready } from './prepare-run.js';
import type { Observed } from './run-facts.js';
import type { Surroundings } from './surroundings.js';
import { tellRun } from './tell-run.js';

/** Where a run takes place. */
export interface RunPlace {
  readonly server: Server;
  readonly tools: Pick<Context, 'signal' | 'talk'>;
  readonly around: Surroundings;
  /** Where outputs of a server on another machine go. */
  readonly folder: string;
  /** The server has taken the prompt. */
  readonly onQueued?: () => void;
}

/** A run that ended well, with what it made and what it depended on. */
export interface ObservedRun {
  readonly run: PromptRun;
  readonly outputs: readonly FetchedOutput[];
  readonly dependencies: Observed;
}

/**
 * Runs one prompt, fetches and checks what it made, and observes what it depends on meanwhile.
 * @throws ServerError; Interrupted, after what was queued has been cancelled
 */
export async function runObserved(place: RunPlace, ready: Ready): Promise<ObservedRun> {
  const { server, around, folder, tools, onQueued = () => {} } = place;
  const { signal, talk } = tools;
  const observing = observeRun(ready.prompt, around, tools);
  try {
    const run = await runPrompt(server, ready, { signal, onQueued, ...tellRun(ready, talk) });
    const outputs = await fetchOutputs(server, run.outputs, { installation: around.installation, folder, signal });
    return { run, outputs, dependencies: await observing.done };
  } finally {
    observing.stop();
    talk.progress(undefined);
  }
}
