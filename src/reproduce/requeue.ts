import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { outputsThatCount } from '../capture/fetch-outputs.js';
import { tellRun } from '../capture/tell-run.js';
import { fetchOutput, freeMemory } from '../comfyui/requests.js';
import { type PromptRun, runPrompt } from '../comfyui/run-prompt.js';
import type { Server } from '../comfyui/server.js';
import type { Talk } from '../context.js';
import { Interrupted } from '../errors.js';
import type { JsonObject } from '../workflow/json.js';
import { withNonce } from './defeat-cache.js';
import { type Proof, prove } from './prove.js';

export interface Requeued {
  /** With prefix, names of models and inputs as this server has them; without a nonce. */
  readonly prompt: JsonObject;
  /** Kept in the outputs as it was. */
  readonly workflow?: JsonObject;
  /** Ids of the output nodes that are compared; empty for all of the prompt's. */
  readonly outputs: readonly string[];
}

/** A file of the new run. */
export interface MadeOutput {
  /** Sub-folder of the output folder included, with `/`. */
  readonly name: string;
  readonly node: string;
  readonly index: number;
  readonly bytes: Buffer;
}

export interface Rerun {
  readonly run: PromptRun;
  readonly made: readonly MadeOutput[];
  readonly proof: Proof;
}

/** The server takes `/free` in when its queue is next idle, some moments after it has answered (comfyui `main.py`, prompt_worker). */
const freeTakes = 1000;

/**
 * Runs a recorded prompt again with the cache defeated: a nonce on the nodes without links, and where the server answered from its cache
 * all the same, once more after it has been told to drop its results.
 * @throws ServerError of `runPrompt`, `output-gone`; Interrupted, after what was queued has been cancelled
 */
export async function requeue(server: Server, queued: Requeued, signal: AbortSignal, talk: Talk): Promise<Rerun> {
  const first = await runOnce(server, queued, signal, talk);
  if (first.proof.cached.length === 0) return first;
  talk.say('the server answered from its cache; it is told to drop its results, and the prompt runs again');
  await freeMemory(server, { signal });
  await pause(freeTakes, signal);
  return runOnce(server, queued, signal, talk);
}

async function runOnce(server: Server, queued: Requeued, signal: AbortSignal, talk: Talk): Promise<Rerun> {
  const { workflow } = queued;
  const nonce = randomUUID();
  const prompt = withNonce(queued.prompt, nonce);
  const ready = { prompt, ...(workflow === undefined ? {} : { workflow }) };
  try {
    const run = await runPrompt(server, ready, { signal, ...tellRun(ready, talk) });
    const outputs = queued.outputs.length > 0 ? queued.outputs : outputsThatCount(run.outputs).map(({ node }) => node);
    const made = await fetchAll(server, run, signal);
    return { run, made, proof: prove({ prompt, nonce, outputs, ran: run.prompt, cached: run.cached, made }) };
  } finally {
    talk.progress(undefined);
  }
}

async function fetchAll(server: Server, { outputs }: PromptRun, signal: AbortSignal): Promise<MadeOutput[]> {
  const made: MadeOutput[] = [];
  for (const output of outputsThatCount(outputs)) {
    const { node, index, filename, subfolder } = output;
    const name = subfolder === '' ? filename : `${subfolder.replaceAll('\\', '/')}/${filename}`;
    made.push({ name, node, index, bytes: await fetchOutput(server, output, { signal }) });
  }
  return made;
}

/** @throws Interrupted */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal });
  } catch {
    throw new Interrupted();
  }
}
