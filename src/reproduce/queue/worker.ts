import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runObserved } from '../../capture/run-observed.js';
import { findServer } from '../../comfyui/find-server.js';
import type { Server } from '../../comfyui/server.js';
import { serverName } from '../../comfyui/server-address.js';
import type { Context } from '../../context.js';
import { InputError, Interrupted, ServerError, UsageError } from '../../errors.js';
import { ownerName } from '../../files/alive.js';
import { removeLeftFolders } from '../../files/left-folders.js';
import { stateDocument } from '../../lineage/documents.js';
import { writeJson } from '../../workflow/json.js';
import { isOfTheTask } from '../spread/spread.js';
import { lacks, openStation, type Station } from '../vary/station.js';
import { type FileStore, type Handled, workOnQueue } from './bullmq.js';
import { originalOf, readJob, type VariationJob, type VariationResult } from './job.js';
import { inputKey } from './queue-lanes.js';

export interface WorkerWishes {
  /** The queue's address; never printed. */
  readonly url: string;
  readonly server: Server;
  /** Seconds after which another worker may take over from one that is not heard of. */
  readonly lease: number;
  readonly onReady: () => void;
  /** Told of each job as it ends. */
  readonly onJob: (job: { readonly text: string }) => Promise<void>;
}

/** So many originals are kept looked at; their inputs lie on this disk. */
const mostStations = 16;
/** How often a server that went away is looked for again; milliseconds. */
const lookEvery = 2000;

/**
 * Runs jobs of a shared queue on a server of this machine until the signal fires. It needs no repository: a job brings what it needs, and who asked for
 * it records it.
 * @throws InputError `no-bullmq`, `queue-address`; ServerError `no-queue`
 */
export async function workerFor(
  wishes: WorkerWishes,
  context: Pick<Context, 'cwd' | 'env' | 'signal' | 'talk'>,
): Promise<void> {
  const { server, url, lease } = wishes;
  await removeLeftFolders(tmpdir(), 'git-comfy-worker-');
  const folder = await mkdtemp(join(tmpdir(), `git-comfy-worker-${ownerName}.`));
  const stations = new Map<string, Promise<Station>>();
  const name = `${hostname()}/${serverName(server)}/${uniquePart(folder)}`;
  const handle = async (text: string, files: FileStore): Promise<Handled> => {
    try {
      const job = readJob(text);
      const station = await stationFor(job, { stations, files, folder, server, context });
      const reason = lacks(station);
      if (reason !== undefined) return { kind: 'not-here', reason: `${serverName(server)}: ${reason}` };
      const result = await runJob(job, station, files);
      await rm(outputsIn(folder), { recursive: true, force: true });
      await wishes.onJob({ text: `${wordsOf(job)}  ${result.outputs.map((output) => output.name).join(' ')}` });
      return { kind: 'done', result: JSON.stringify(result) };
    } catch (error) {
      const handled = whatBecomes(error);
      if (handled.kind !== 'done' && 'reason' in handled) await wishes.onJob({ text: handled.reason });
      return handled;
    }
  };
  const recover = async () => {
    stations.clear();
    await untilThere(server, context.signal);
  };
  try {
    await workOnQueue(url, {
      name,
      lease,
      handle,
      recover,
      onReady: wishes.onReady,
      signal: context.signal,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a server elsewhere has made, until it is sent on. */
const outputsIn = (folder: string) => join(folder, 'outputs');

/** The folder's random part tells workers on one machine apart. */
const uniquePart = (folder: string) => folder.slice(-6);

const wordsOf = ({ assignments }: VariationJob) =>
  assignments.map(({ place, value }) => `${place}=${value.slice(0, 60)}`).join(' ');

interface StationWish {
  readonly stations: Map<string, Promise<Station>>;
  readonly files: FileStore;
  readonly folder: string;
  readonly server: Server;
  readonly context: Pick<Context, 'cwd' | 'env' | 'signal' | 'talk'>;
}

/** Models are hashed and inputs brought once for all variations of a picture. */
async function stationFor(job: VariationJob, wish: StationWish): Promise<Station> {
  const { stations, folder } = wish;
  if (stations.size >= mostStations && !stations.has(job.original)) {
    for (const original of stations.keys()) await rm(join(folder, original), { recursive: true, force: true });
    stations.clear();
  }
  const known = stations.get(job.original) ?? openFor(job, wish);
  stations.set(job.original, known);
  // A server that failed now may be there at the next job.
  known.catch(() => stations.delete(job.original));
  return known;
}

async function openFor(job: VariationJob, { files, folder, server, context }: StationWish): Promise<Station> {
  const tree = join(folder, job.original);
  for (const { sha256, name } of job.inputs) {
    const bytes = await files.get(inputKey(sha256));
    if (bytes === undefined) continue;
    await mkdir(join(tree, sha256), { recursive: true });
    await writeFile(join(tree, sha256, basename(name)), bytes);
  }
  await mkdir(tree, { recursive: true });
  const original = originalOf(job);
  return openStation(server, {
    repository: undefined,
    original,
    tree,
    tools: context,
    folder: outputsIn(folder),
  });
}

async function runJob(job: VariationJob, station: Station, files: FileStore): Promise<VariationResult> {
  const ready = await station.readyOf(job.assignments);
  const { run, outputs, dependencies } = await runObserved(station.place, ready);
  const sent: VariationResult['outputs'][number][] = [];
  for (const { name, node, index, bytes } of outputs) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const key = `output:${run.promptId}:${sent.length}`;
    await files.put(key, bytes);
    sent.push({ name, node, index, sha256, key });
  }
  const { environment } = station.verification;
  return {
    result: 1,
    server: `${hostname()}/${station.name}`,
    promptId: run.promptId,
    prompt: writeJson(run.prompt),
    workflow: ready.workflow && writeJson(ready.workflow),
    executed: run.executed,
    cached: run.cached,
    start: run.start?.toISOString(),
    duration: run.duration,
    state: stateDocument({ state: 1, environment, ...dependencies }).text,
    outputs: sent,
  };
}

function whatBecomes(error: unknown): Handled {
  if (error instanceof Interrupted) return { kind: 'again' };
  if (error instanceof ServerError) {
    // A prompt that this server refuses, or has not the memory for, may run on another one.
    const notHere = error.code === 'no-such-model' || isOfTheTask(error);
    return notHere ? { kind: 'not-here', reason: error.message } : { kind: 'again' };
  }
  if (error instanceof InputError || error instanceof UsageError) return { kind: 'failed', reason: error.message };
  throw error;
}

async function untilThere(server: Server, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await findServer([server.url], signal);
      return;
    } catch {
      await wait(lookEvery, undefined, { signal }).catch(() => {});
    }
  }
}
