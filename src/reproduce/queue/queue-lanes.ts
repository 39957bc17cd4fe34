import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { saveAs } from '../../capture/fetch-outputs.js';
import { recordInBatches } from '../../capture/record-in-batches.js';
import type { RunFacts } from '../../capture/run-facts.js';
import { findSurroundings } from '../../capture/surroundings.js';
import { InputError, Interrupted, orInterrupted } from '../../errors.js';
import { needHeadCommit, type Repository } from '../../git/repository.js';
import { withTemporaryWorktree } from '../../git/worktree.js';
import { pictureSide } from '../../image/sheet/sheet.js';
import { snapshotDocument, stateDocument } from '../../lineage/documents.js';
import { writeRecord } from '../../lineage/record-line.js';
import { readState } from '../../lineage/state-document.js';
import { type JsonObject, parseJson } from '../../workflow/json.js';
import { findInput } from '../find-input.js';
import type { Original } from '../original.js';
import type { Lane } from '../spread/spread.js';
import type { MadeVariation } from '../vary/cells.js';
import { variesOf } from '../vary/server-lanes.js';
import { pictureOfRun } from '../vary/sheet-pictures.js';
import type { StationTools } from '../vary/stations.js';
import type { Variation } from '../vary/variations.js';
import { openSharedQueue, type SharedQueue } from './bullmq.js';
import { readResult, type VariationJob, type VariationResult } from './job.js';

/** A queue that workers on other machines share. */
export interface QueueWish {
  /** `redis://host:6379`, with user and password where needed; never printed. */
  readonly url: string;
}

/** So many jobs wait there at a time; workers take them one by one. */
const mostWaiting = 64;
/** An input that is larger stays at home: the worker has to have it. */
const mostInputBytes = 256 * 1024 * 1024;

/**
 * Puts variations into a shared queue and records what workers make of them, each once: it is recorded here alone, and taken out of the queue after.
 * @throws InputError `no-bullmq`, `queue-address`; ServerError `no-queue`
 */
export async function openQueueLanes(
  repository: Repository,
  original: Original,
  variations: readonly Variation[],
  { url }: QueueWish,
  tools: StationTools,
): Promise<{ readonly lanes: Lane<number, MadeVariation>[]; readonly close: () => Promise<void> }> {
  const queue = await openSharedQueue(url);
  try {
    return { lanes: await lanesOf(repository, original, variations, queue, tools), close: queue.close };
  } catch (error) {
    await queue.close();
    throw error;
  }
}

async function lanesOf(
  repository: Repository,
  original: Original,
  variations: readonly Variation[],
  queue: SharedQueue,
  tools: StationTools,
): Promise<Lane<number, MadeVariation>[]> {
  if ((await queue.workers()) === 0) {
    tools.talk.say(
      'no worker is at the queue yet; on each machine that has a ComfyUI: git comfy worker --queue <address>',
    );
  }
  const inputs = await sendInputs(repository, original, queue, tools);
  const side = pictureSide(variations.length);
  const record = recordInBatches(repository);
  const lane: Lane<number, MadeVariation> = {
    name: 'the queue',
    async run(index, signal) {
      const variation = variations[index] as Variation;
      const text = JSON.stringify(jobOf(original, variation, inputs));
      const id = createHash('sha256').update(text).digest('hex').slice(0, 40);
      const { result, facts } = await madeOf(await submitted(queue, id, text, signal), id, queue, tools.folder);
      const made = await record({ ...facts, ...variesOf(original) });
      await queue.files.drop(result.outputs.map(({ key }) => key));
      await queue.forget(id);
      const picture = pictureOfRun(facts.outputs, side);
      return { variation, id: made.id, record: made.record, picture, before: false, server: result.server };
    },
  };
  return Array.from({ length: Math.min(mostWaiting, variations.length) }, () => lane);
}

/**
 * A result that cannot be used is taken out of the queue: the same command would find it again.
 * @throws InputError `queue-job`, `queue-file`
 */
async function madeOf(text: string, id: string, queue: SharedQueue, folder: string) {
  try {
    const result = readResult(text);
    return { result, facts: await factsOf(result, queue, folder) };
  } catch (error) {
    if (error instanceof InputError) await queue.forget(id);
    throw error;
  }
}

/** Ctrl-C takes back what no worker has begun; what one makes meanwhile is there when the same command is typed again. */
async function submitted(queue: SharedQueue, id: string, text: string, signal: AbortSignal): Promise<string> {
  try {
    return await orInterrupted(signal, queue.submit(id, text));
  } catch (error) {
    if (error instanceof Interrupted) await queue.withdraw(id);
    throw error;
  }
}

const jobOf = (original: Original, { assignments }: Variation, inputs: VariationJob['inputs']): VariationJob => ({
  job: 1,
  original: original.id,
  record: writeRecord(original.record),
  snapshot: snapshotDocument(original.snapshot).text,
  ...(original.state === undefined ? {} : { state: stateDocument(original.state).text }),
  assignments,
  inputs,
});

/** What the original took in, where it can be found here; workers have no copy of this repository. */
async function sendInputs(
  repository: Repository,
  { state, record }: Original,
  { files }: SharedQueue,
  { cwd, env, signal }: StationTools,
): Promise<VariationJob['inputs']> {
  if (state === undefined || state.inputs.size === 0) return [];
  const { installation } = await findSurroundings(repository, { cwd, env, signal });
  const commit = record.commit ?? (await needHeadCommit(repository));
  const send = async (tree: string) => {
    const sent: { readonly sha256: string; readonly name: string }[] = [];
    const places = [installation?.input, tree].flatMap((folder) =>
      folder === undefined ? [] : [{ folder, name: folder }],
    );
    for (const [key, { digest }] of state.inputs) {
      if (digest === 'missing' || digest === 'unhashed') continue;
      const name = basename(key.replace(/ \[\w+\]$/, ''));
      const found = await findInput(name, digest, places, signal);
      if (found === undefined || (await stat(found.path)).size > mostInputBytes) continue;
      const sha256 = digest.slice('sha256:'.length);
      await files.put(inputKey(sha256), await readFile(found.path));
      sent.push({ sha256, name });
    }
    return sent;
  };
  return withTemporaryWorktree(repository, commit, send, signal);
}

export const inputKey = (sha256: string): string => `input:${sha256}`;

/** Fetches and saves the files of a result. @throws InputError `queue-file` where one is gone, or is not what was said */
async function factsOf(result: VariationResult, { files }: SharedQueue, folder: string): Promise<RunFacts> {
  const outputs: RunFacts['outputs'][number][] = [];
  for (const { name, node, index, sha256, key } of result.outputs) {
    const bytes = await files.get(key);
    if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new InputError('queue-file', `the queue no longer holds ${name}`, { hint: 'run the same command again' });
    }
    await saveAs(join(folder, result.server.replaceAll(/[^\w.-]/g, '_'), name), bytes);
    outputs.push({ name, node, index, bytes });
  }
  const { environment, state: _, ...dependencies } = readState(result.state);
  const { promptId, executed, cached, start, duration, server } = result;
  return {
    prompt: parseJson(result.prompt) as JsonObject,
    ...(result.workflow === undefined ? {} : { workflow: parseJson(result.workflow) as JsonObject }),
    outputs,
    dependencies,
    environment,
    promptId,
    server,
    captured: 'run',
    ...(executed === undefined ? {} : { executed }),
    ...(cached === undefined ? {} : { cached }),
    ...(start === undefined ? {} : { start: new Date(start) }),
    ...(duration === undefined ? {} : { duration }),
  };
}
