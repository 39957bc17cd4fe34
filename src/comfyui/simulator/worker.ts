import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Json, JsonObject } from '../../workflow/json.js';
import { executePrompt } from './execute.js';
import { toldAs } from './quirks.js';
import { clientOf, itemJson, type QueueItem, type Simulation, statusData } from './simulation.js';
import { send } from './sockets.js';

/** Tells everybody how long the queue is. */
const tellStatus = (simulation: Simulation) => send(simulation.sockets, undefined, 'status', statusData(simulation));

/** Puts a prompt into the queue and, if nothing runs, begins. */
export function enqueue(simulation: Simulation, item: QueueItem): void {
  simulation.pending.push(item);
  simulation.pending.sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1));
  tellStatus(simulation);
  void work(simulation);
}

/** Takes prompts off the queue one after the other until it is empty. */
async function work(simulation: Simulation): Promise<void> {
  if (simulation.running !== undefined) return;
  for (let item = simulation.pending.shift(); item !== undefined; item = simulation.pending.shift()) {
    simulation.running = item;
    simulation.interrupt = new AbortController();
    tellStatus(simulation);
    // The answer to the request that queued it goes out first.
    await nextTurn();
    const { entry, success, messages } = await executePrompt(simulation, item);
    simulation.running = undefined;
    const told = { ...item, prompt: toldAs(item.prompt, simulation.quirks) };
    if (simulation.quirks.forgets !== true)
      simulation.history.set(item.id, historyEntry(told, entry, success, messages));
    tellStatus(simulation);
    const client = clientOf(item);
    if (client !== undefined) send(simulation.sockets, client, 'executing', ended(item.id));
    consumeFlags(simulation);
  }
}

/** The flag is looked at between two prompts, never in the middle of one. */
export function consumeFlags(simulation: Simulation): void {
  if (!simulation.freeWanted || simulation.running !== undefined) return;
  simulation.freeWanted = false;
  if (simulation.quirks.stubbornCache !== true) simulation.cache.clear();
}

const ended = (id: string): JsonObject =>
  new Map<string, Json>([
    ['node', null],
    ['prompt_id', id],
  ]);

function historyEntry(item: QueueItem, entry: JsonObject, success: boolean, messages: Json[]): JsonObject {
  const status = new Map<string, Json>([
    ['status_str', success ? 'success' : 'error'],
    ['completed', success],
    ['messages', messages],
  ]);
  return new Map<string, Json>([
    ['prompt', itemJson(item)],
    ['outputs', entry.get('outputs') ?? null],
    ['status', status],
    ['meta', entry.get('meta') ?? null],
  ]);
}

/** Drops every prompt that waits. */
export function clearQueue(simulation: Simulation): void {
  simulation.pending.length = 0;
  tellStatus(simulation);
}

/** Drops one prompt that waits; an id that does not wait is passed over. */
export function deleteFromQueue(simulation: Simulation, id: Json): void {
  const at = simulation.pending.findIndex((item) => item.id === id);
  if (at < 0) return;
  simulation.pending.splice(at, 1);
  // ComfyUI tells it twice when that was the last one.
  if (simulation.pending.length === 0) tellStatus(simulation);
  tellStatus(simulation);
}
