import type { Json, JsonObject } from '../../workflow/json.js';
import type { Cache } from './cache.js';
import type { SimulatedClass } from './node-class.js';
import type { Quirks } from './quirks.js';
import type { Sockets } from './sockets.js';

/** A prompt in the queue. */
export interface QueueItem {
  readonly number: number;
  /** As the server writes it: a number that was submitted is a float. */
  readonly shownNumber: Json;
  readonly id: string;
  readonly prompt: JsonObject;
  readonly extraData: JsonObject;
  readonly outputs: readonly string[];
}

/** Everything that one simulated server knows; lost when it ends, but for what lies on disk. */
export interface Simulation {
  readonly base: string;
  readonly classes: Map<string, SimulatedClass>;
  readonly sockets: Sockets;
  readonly cache: Cache;
  /** Entries by prompt id, in the order of completion. */
  readonly history: Map<string, JsonObject>;
  readonly pending: QueueItem[];
  running: QueueItem | undefined;
  /** Interrupts the prompt that runs. */
  interrupt: AbortController;
  /** By path: what the capture pack hashes, or has hashed. */
  readonly hashes: Map<string, Promise<string>>;
  nextNumber: number;
  /** `/free` asked to drop the cache as soon as nothing runs. */
  freeWanted: boolean;
  readonly quirks: Quirks;
  /** Python's sets have no order: which output comes first is open. Tests choose it. */
  readonly orderOutputs: (outputs: readonly string[]) => readonly string[];
}

/** The `data` of a `status` message. */
export function statusData(simulation: Simulation): JsonObject {
  const remaining = simulation.pending.length + (simulation.running === undefined ? 0 : 1);
  return new Map([['status', new Map([['exec_info', new Map([['queue_remaining', remaining]])]])]]);
}

/** `[number, id, prompt, extra_data, outputs]`, as `/queue` and `/history` show it. */
export function itemJson(item: QueueItem): Json[] {
  return [item.shownNumber, item.id, item.prompt, item.extraData, [...item.outputs]];
}

/** The client that queued it; without one, messages go to nobody or to everybody. */
export function clientOf(item: QueueItem): string | undefined {
  const id = item.extraData.get('client_id');
  return typeof id === 'string' ? id : undefined;
}
