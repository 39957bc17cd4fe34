import type { Json, JsonObject } from '../../workflow/json.js';
import { pythonFloat } from './python.js';

interface NodeState {
  value: Json;
  max: Json;
  state: 'running' | 'finished';
}

/** The states that `progress_state` reports: of nodes that run or have run, in the order in which they began. */
export type ProgressStates = Map<string, NodeState>;

export function begin(states: ProgressStates, id: string): void {
  states.set(id, { value: pythonFloat(0), max: pythonFloat(1), state: 'running' });
}

export function update(states: ProgressStates, id: string, value: number, max: number): void {
  states.set(id, { value, max, state: 'running' });
}

/** A node from the cache never began: its numbers are integers. */
export function finish(states: ProgressStates, id: string): void {
  const max = states.get(id)?.max ?? 1;
  states.set(id, { value: max, max, state: 'finished' });
}

/** The `data` of a `progress_state` message. */
export function progressData(states: ProgressStates, promptId: string): JsonObject {
  const nodes: JsonObject = new Map();
  for (const [id, { value, max, state }] of states) {
    nodes.set(
      id,
      new Map<string, Json>([
        ['value', value],
        ['max', max],
        ['state', state],
        ['node_id', id],
        ['prompt_id', promptId],
        ['display_node_id', id],
        ['parent_node_id', null],
        ['real_node_id', id],
      ]),
    );
  }
  return new Map<string, Json>([
    ['prompt_id', promptId],
    ['nodes', nodes],
  ]);
}
