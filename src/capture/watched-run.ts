import type { QueuedEntry } from '../comfyui/queued-entry.js';
import { readFinishedRun } from '../comfyui/run-record.js';
import { serverName } from '../comfyui/server-address.js';
import { ComfyError, ServerError } from '../errors.js';
import { headThen } from '../git/head-then.js';
import type { Dependencies } from '../lock/entries.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import type { JsonObject } from '../workflow/json.js';
import { observeRun } from './observe-run.js';
import type { RunFacts } from './run-facts.js';
import type { SeenRunning, WatchStage } from './watch-stage.js';
import { watchedOutputs } from './watched-outputs.js';

export interface WatchedRun {
  readonly id: string;
  /** Of the server's history. */
  readonly entry: JsonObject;
  readonly queued: QueuedEntry;
  /** What was seen of it while it ran. */
  readonly seen: SeenRunning | undefined;
  /** It ended a moment ago. */
  readonly live: boolean;
  readonly info: ObjectInfo | undefined;
}

/**
 * Everything that is known of a run that somebody else queued; why there is nothing to record, where it failed.
 * @throws ServerError `no-server`: it went away, and will be asked again
 */
export async function readWatchedRun(
  stage: WatchStage,
  run: WatchedRun,
): Promise<RunFacts | { readonly kind: 'failed'; readonly text: string }> {
  const { id, entry, queued, info } = run;
  try {
    const finished = readFinishedRun(entry, queued);
    const justNow = run.live || run.seen !== undefined;
    const outputs = await watchedOutputs(stage, finished, justNow);
    const dependencies = await dependenciesOf(stage, run, finished.prompt);
    const head = run.seen?.head ?? (await headThen(stage.repository))(finished.start);
    return {
      ...finished,
      ...(queued.workflow === undefined ? optional({ info }) : { workflow: queued.workflow }),
      outputs,
      ...(dependencies === undefined ? {} : { dependencies, environment: stage.environment }),
      promptId: id,
      server: serverName(stage.server),
      captured: 'run',
      ...optional({ head }),
    };
  } catch (error) {
    const isAway = error instanceof ServerError && error.code === 'no-server';
    if (error instanceof ComfyError && !isAway) return { kind: 'failed', text: error.message };
    throw error;
  }
}

/**
 * What was looked at while it ran, or is right after; of a run that ended before anybody watched nothing is known: today's files
 * are not what made it. A picture is recorded all the same where nobody could look.
 */
async function dependenciesOf(
  { around, tools, hashLater }: WatchStage,
  { seen, live }: WatchedRun,
  prompt: JsonObject,
): Promise<Dependencies | undefined> {
  if (seen === undefined && !live) return undefined;
  try {
    const observed = await (seen?.dependencies ?? observeRun(prompt, around, tools).done);
    hashLater(prompt, observed);
    return observed;
  } catch (error) {
    if (!(error instanceof ComfyError) || tools.signal.aborted) throw error;
    tools.talk.say(`models and packs of a run could not be looked at: ${error.message}`);
    return undefined;
  }
}

function optional<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
