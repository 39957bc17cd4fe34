import type { Json, JsonObject } from '../../workflow/json.js';
import type { Result } from './cache.js';
import { type ProgressStates, progressData } from './progress.js';
import type { QueueItem, Simulation } from './simulation.js';
import { send } from './sockets.js';

/** One prompt while it runs. */
export interface Execution {
  readonly simulation: Simulation;
  readonly item: QueueItem;
  readonly client: string | undefined;
  /** With `is_changed`: what is written into files. */
  readonly prompt: JsonObject;
  readonly states: ProgressStates;
  readonly results: Map<string, Result>;
  readonly executed: string[];
  readonly outputs: JsonObject;
  readonly meta: JsonObject;
  readonly messages: Json[];
}

/** To the submitter, or to everybody where there is none. */
export function tellProgress({ simulation, client, states, item }: Execution): void {
  send(simulation.sockets, client, 'progress_state', progressData(states, item.id));
}
