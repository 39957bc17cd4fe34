import { join } from 'node:path';
import { objectInfo } from '../comfyui/requests.js';
import type { Server } from '../comfyui/server.js';
import { serverEnvironment } from '../comfyui/server-environment.js';
import type { Context, Talk } from '../context.js';
import type { Repository } from '../git/repository.js';
import { readWorkflow } from '../workflow/graph.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { classesUsed } from '../workflow/packs-named.js';
import { readPrompt } from '../workflow/prompt.js';
import { readObjectInfo } from '../workflow/read-interfaces.js';
import { askInterfaces } from './node-interfaces.js';
import { drawSeeds, prepare, type Ready, type Wishes } from './prepare-run.js';
import { type FinishedRun, type RunStage, runReady } from './run-ready.js';
import type { Runnable } from './runnable.js';
import { settleTexts } from './settle-texts.js';
import { findSurroundings } from './surroundings.js';

export type { FinishedRun } from './run-ready.js';

export type RunTools = Pick<Context, 'cwd' | 'env' | 'signal' | 'talk'>;

export interface RunWishes extends Wishes {
  /** How many runs. */
  readonly count: number;
  /** Where outputs of a server on another machine go; `output` in the current folder where not given. */
  readonly folder?: string;
  /** Told of each run as it ends: the next one may take long, or fail. */
  readonly onFinished?: (run: FinishedRun) => Promise<void>;
  /** Draws the alternatives of `{a|b}`; anew for every run where not given. */
  readonly textSeed?: string;
  /** For times in file names. */
  readonly now?: () => Date;
}

/**
 * Runs a workflow or prompt on a server and records each run when it has ended: fetches and checks the outputs, observes what the prompt depends on
 * while it runs, writes snapshot, state and record.
 * @throws UsageError, InputError before anything is queued; ServerError; Interrupted, after what was queued has been cancelled
 */
export async function runWorkflow(
  repository: Repository,
  server: Server,
  runnable: Runnable,
  wishes: RunWishes,
  tools: RunTools,
): Promise<FinishedRun[]> {
  const { signal, talk } = tools;
  const info = readObjectInfo(await interfaces(repository, server, runnable, signal));
  let ready = prepare(runnable, info, wishes, talk);
  const around = await findSurroundings(repository, { ...tools, server });
  const stage: RunStage = {
    repository,
    server,
    tools,
    info,
    around,
    environment: await serverEnvironment(server, { ...around, signal }),
    folder: wishes.folder ?? join(tools.cwd, 'output'),
  };
  const finished: FinishedRun[] = [];
  for (let turn = 0; turn < wishes.count; turn++) {
    ready = drawSeeds(runnable, ready, { turn, info, wishes, talk });
    const run = await runReady(stage, asQueued(runnable, ready, info, wishes, talk));
    finished.push(run);
    await wishes.onFinished?.(run);
  }
  return finished;
}

async function interfaces(repository: Repository, server: Server, { prompt, workflow }: Runnable, signal: AbortSignal) {
  if (prompt === undefined && workflow !== undefined) {
    return askInterfaces(repository, server, readWorkflow(workflow), signal);
  }
  return objectInfo(server, prompt === undefined ? [] : classesUsed(readPrompt(prompt)), { signal });
}

/** With its texts drawn. A workflow that came with its prompt runs as it ran then. */
function asQueued(runnable: Runnable, ready: Ready, info: ObjectInfo, wishes: RunWishes, talk: Talk): Ready {
  if (runnable.prompt !== undefined) return ready;
  const settled = settleTexts(ready, info, wishes.now?.() ?? new Date(), wishes.textSeed);
  if (settled.textSeed !== undefined && wishes.textSeed === undefined) {
    talk.say(`alternatives in texts are drawn: --text-seed ${settled.textSeed} draws the same`);
  }
  return settled.ready;
}
