import { type QueuedEntry, queuedEntry } from '../comfyui/queued-entry.js';
import { serverName } from '../comfyui/server-address.js';
import type { Look } from '../comfyui/watch-history.js';
import { ComfyError } from '../errors.js';
import type { Draft } from '../lineage/draft.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import type { JsonObject } from '../workflow/json.js';
import { classesUsed } from '../workflow/packs-named.js';
import { readPrompt } from '../workflow/prompt.js';
import { belonging, type Home } from './belongs.js';
import { draftRecord } from './draft-record.js';
import { lineageAbout } from './lineage-about.js';
import { type RecordedRun, recordRuns } from './record-run.js';
import type { RunFacts } from './run-facts.js';
import type { Seen, WatchMemory, WatchStage, WatchWishes } from './watch-stage.js';
import { readWatchedRun } from './watched-run.js';

/** A run that ended, before anything of it is fetched. */
interface Ended {
  readonly entry: JsonObject;
  readonly queued: QueuedEntry;
}

type Outcome = Seen extends infer One ? (One extends Seen ? Omit<One, 'promptId' | 'server'> : never) : never;

/** Records what a look at the server found; one run that cannot be recorded hides no other. */
export async function recordLook(
  stage: WatchStage,
  { running, told }: WatchMemory,
  look: Look,
  wishes: WatchWishes,
): Promise<void> {
  const tell = async (promptId: string, outcome: Outcome) => {
    await wishes.onSeen({ promptId, server: serverName(stage.server), ...outcome } as Seen);
    told.add(promptId);
    running.delete(promptId);
  };
  const fresh = new Map([...look.finished].filter(([id]) => !told.has(id)));
  if (fresh.size === 0) return;
  const own = await ownRuns(stage, await unrecorded(stage, fresh, tell), wishes, tell);
  const facts = new Map<string, RunFacts>();
  for (const [id, { entry, queued, path }] of own.runs) {
    const seen = running.get(id);
    const read = await readWatchedRun(stage, { id, entry, queued, seen, live: look.live, info: own.info });
    if ('kind' in read) await tell(id, path === undefined ? read : { ...read, text: `${path}: ${read.text}` });
    else facts.set(id, read);
  }
  const results = await recordRuns(stage.repository, [...facts.values()]);
  for (const [index, id] of [...facts.keys()].entries()) {
    await tell(id, { kind: 'recorded', ...(results[index] as RecordedRun) });
  }
}

type Tell = (promptId: string, outcome: Outcome) => Promise<void>;

/** Of the runs that ended those that nobody has recorded, and nobody else will. */
async function unrecorded(
  stage: WatchStage,
  finished: ReadonlyMap<string, JsonObject>,
  tell: Tell,
): Promise<Map<string, Ended>> {
  const recorded = await recordedPrompts(stage, finished);
  const found = new Map<string, Ended>();
  for (const [id, entry] of finished) {
    const queued = queuedEntry(entry);
    if (recorded.has(id)) continue;
    if (queued === undefined) await tell(id, { kind: 'failed', text: 'its history entry has no prompt' });
    else if (queued.recordsItself) await tell(id, { kind: 'left', why: 'recorded-by-others' });
    else found.set(id, { entry, queued });
  }
  return found;
}

/** Prompt ids among these that lineage has. */
async function recordedPrompts(
  { repository }: WatchStage,
  finished: ReadonlyMap<string, unknown>,
): Promise<ReadonlySet<string>> {
  const { records } = await lineageAbout(repository, { prompts: [...finished.keys()] });
  return new Set(records.flatMap(({ record }) => record.prompt ?? []));
}

/** Those of this repository's workflows. Of the others nothing is fetched, and how they ended is nobody's business here. */
async function ownRuns(stage: WatchStage, runs: ReadonlyMap<string, Ended>, { all }: WatchWishes, tell: Tell) {
  const drafts = new Map<string, Draft>();
  for (const [id, { queued }] of runs) {
    const draft = draftOf(stage, queued);
    if (typeof draft === 'string') await tell(id, { kind: 'failed', text: draft });
    else drafts.set(id, draft);
  }
  const info = await interfacesFor(stage, [...runs.values()]);
  const belongs = all ? async (): Promise<Home> => ({}) : await belonging(stage.repository, [...drafts.values()], info);
  const own = new Map<string, Ended & Home>();
  for (const [id, draft] of drafts) {
    const run = runs.get(id);
    const home = await belongs(draft);
    if (run !== undefined && home !== undefined) own.set(id, { ...run, ...home });
    else await tell(id, { kind: 'left', why: 'foreign' });
  }
  return { runs: own, info };
}

/** What of a run tells its workflow; why it cannot be told, where the prompt is none. */
function draftOf({ repository }: WatchStage, { prompt, workflow }: QueuedEntry): Draft | string {
  const facts: RunFacts = { prompt, ...(workflow === undefined ? {} : { workflow }), outputs: [], captured: 'run' };
  try {
    return draftRecord(repository, facts, new Date());
  } catch (error) {
    if (error instanceof ComfyError) return error.message;
    throw error;
  }
}

/** A prompt that came without its workflow is matched by converting committed ones, which needs the interfaces of its nodes. */
async function interfacesFor(stage: WatchStage, runs: readonly Ended[]): Promise<ObjectInfo | undefined> {
  const bare = runs.filter(({ queued }) => queued.workflow === undefined);
  if (bare.length === 0) return undefined;
  return stage.interfaces(bare.flatMap(({ queued }) => classesUsed(readPrompt(queued.prompt))));
}
