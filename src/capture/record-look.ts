import { join } from 'node:path';
import { queuedEntry } from '../comfyui/queued-entry.js';
import { fetchOutput, objectInfo } from '../comfyui/requests.js';
import { readFinishedRun } from '../comfyui/run-record.js';
import type { OutputFile } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import type { Look } from '../comfyui/watch-history.js';
import { ComfyError, ServerError } from '../errors.js';
import { readIfThere } from '../files/read.js';
import { headThen } from '../git/head-then.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import type { JsonObject } from '../workflow/json.js';
import { classesUsed } from '../workflow/packs-named.js';
import { readPrompt } from '../workflow/prompt.js';
import { readObjectInfo } from '../workflow/read-interfaces.js';
import { belonging } from './belongs.js';
import { draftRecord } from './draft-record.js';
import { outputsThatCount } from './fetch-outputs.js';
import { observeRun } from './observe-run.js';
import { readLineageLines } from './read-lineage.js';
import { type RecordedRun, recordRuns } from './record-run.js';
import type { OutputFacts, RunFacts } from './run-facts.js';
import type { WatchStage, WatchWishes } from './watch-stage.js';

/** Records what a look at the server found; one run that cannot be recorded hides no other. */
export async function recordLook(stage: WatchStage, look: Look, wishes: WatchWishes): Promise<void> {
  const { repository } = stage;
  const recorded = look.finished.size === 0 ? new Set() : await recordedPrompts(stage, look);
  const facts = new Map<string, RunFacts>();
  for (const [promptId, entry] of look.finished) {
    if (recorded.has(promptId)) continue;
    const read = await readRun(stage, promptId, entry, look.live);
    if ('kind' in read) await wishes.onSeen({ promptId, ...read });
    else facts.set(promptId, read);
    stage.running.delete(promptId);
  }
  if (facts.size === 0) return;
  const own = wishes.all ? facts : await ownRuns(stage, facts, wishes);
  const results = await recordRuns(repository, [...own.values()]);
  for (const [index, promptId] of [...own.keys()].entries()) {
    await wishes.onSeen({ kind: 'recorded', promptId, ...(results[index] as RecordedRun) });
  }
}

/** Prompt ids of the look that lineage has. */
async function recordedPrompts({ repository }: WatchStage, { finished }: Look): Promise<ReadonlySet<unknown>> {
  const found = new Set<string>();
  for (const { text } of await readLineageLines(repository)) {
    const [, id] = /"prompt": ?"([^"]+)"/.exec(text) ?? [];
    if (id !== undefined && finished.has(id)) found.add(id);
  }
  return found;
}

async function ownRuns(
  { repository }: WatchStage,
  facts: ReadonlyMap<string, RunFacts>,
  { onSeen }: WatchWishes,
): Promise<ReadonlyMap<string, RunFacts>> {
  const drafts = new Map([...facts].map(([id, run]) => [id, draftRecord(repository, run, new Date())]));
  const info = [...facts.values()].find((run) => run.info !== undefined)?.info;
  const belongs = await belonging(repository, [...drafts.values()], info);
  const own = new Map<string, RunFacts>();
  for (const [promptId, draft] of drafts) {
    const run = facts.get(promptId);
    const head = run?.head;
    if (run !== undefined && (await belongs(head === undefined ? draft : { ...draft, head }))) own.set(promptId, run);
    else await onSeen({ kind: 'left', promptId, why: 'foreign' });
  }
  return own;
}

type Unrecorded =
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'left'; readonly why: 'recorded-by-others' };

async function readRun(
  stage: WatchStage,
  promptId: string,
  entry: JsonObject,
  live: boolean,
): Promise<RunFacts | Unrecorded> {
  const queued = queuedEntry(entry);
  if (queued === undefined) return { kind: 'failed', text: 'its history entry has no prompt' };
  if (queued.recordsItself) return { kind: 'left', why: 'recorded-by-others' };
  try {
    const { outputs, ...run } = readFinishedRun(entry, queued);
    const bytes = await readOutputs(stage, outputs);
    const seen = await seenWhile(stage, promptId, run.prompt, live);
    const head = seen?.head ?? (await headThen(stage.repository))(run.start);
    return {
      ...run,
      ...(queued.workflow === undefined ? { info: await infoOf(stage, run.prompt) } : { workflow: queued.workflow }),
      outputs: bytes,
      ...(seen === undefined ? {} : { dependencies: await seen.dependencies, environment: stage.environment }),
      promptId,
      server: serverName(stage.server),
      captured: 'run',
      ...(head === undefined ? {} : { head }),
    };
  } catch (error) {
    if (error instanceof ComfyError && !(error instanceof ServerError && error.code === 'no-server')) {
      return { kind: 'failed', text: error.message };
    }
    throw error;
  }
}

/**
 * What was looked at while it ran, or right after; of a run that ended before anybody watched nothing is known: today's files
 * are not what made it.
 */
async function seenWhile(stage: WatchStage, promptId: string, prompt: JsonObject, live: boolean) {
  const seen = stage.running.get(promptId);
  if (seen !== undefined || !live) return seen;
  return { head: undefined, dependencies: observeRun(prompt, stage.around, stage.tools).done };
}

async function infoOf({ server, tools }: WatchStage, prompt: JsonObject): Promise<ObjectInfo> {
  return readObjectInfo(await objectInfo(server, classesUsed(readPrompt(prompt)), { signal: tools.signal }));
}

/** From the output folder, where it is on this machine, else from the server; kept nowhere. */
async function readOutputs(
  { server, around, tools }: WatchStage,
  files: readonly OutputFile[],
): Promise<OutputFacts[]> {
  const read: OutputFacts[] = [];
  for (const file of outputsThatCount(files)) {
    const name = file.subfolder === '' ? file.filename : `${file.subfolder}/${file.filename}`;
    const folder = file.type === 'input' ? undefined : around.installation?.[file.type];
    const inside = !name.split(/[/\\]/).includes('..');
    const local = folder !== undefined && inside ? await readIfThere(join(folder, name)) : undefined;
    const bytes = local ?? (await fetchOutput(server, file, { signal: tools.signal }));
    read.push({ name, node: file.node, index: file.index, bytes });
  }
  return read;
}
