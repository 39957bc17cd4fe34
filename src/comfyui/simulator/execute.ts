import { isObject, type Json, type JsonObject } from '../../workflow/json.js';
import { keepOnly, type Result, signatures } from './cache.js';
import { type Execution, tellProgress } from './execution.js';
import { failureData, interruptedData } from './failure.js';
import { isOutputNode } from './interfaces.js';
import { complete, makePlan, type PlanView, pick } from './plan.js';
import { begin, finish } from './progress.js';
import { classAt, nodeAt } from './prompt-view.js';
import { cachedAs } from './quirks.js';
import { Interruption, runNode } from './run-node.js';
import { clientOf, type QueueItem, type Simulation } from './simulation.js';
import { send } from './sockets.js';

export interface Executed {
  /** `outputs` and `meta` of the history entry. */
  readonly entry: JsonObject;
  readonly success: boolean;
  readonly messages: Json[];
}

/** Runs one prompt and says everything that a real server says meanwhile, in its order. */
export async function executePrompt(simulation: Simulation, item: QueueItem): Promise<Executed> {
  const execution: Execution = {
    simulation,
    item,
    client: clientOf(item),
    prompt: await withFingerprints(simulation, item.prompt),
    states: new Map(),
    results: new Map(),
    executed: [],
    outputs: new Map(),
    meta: new Map(),
    messages: [],
  };
  note(execution, 'execution_start', [['prompt_id', item.id]], false);
  const keys = signatures(cachedAs(execution.prompt, simulation.quirks));
  keepOnly(simulation.cache, keys.values());
  const cached = [...keys].filter(([, key]) => simulation.cache.has(key)).map(([id]) => id);
  const cachedData: [string, Json][] = [
    [
      'nodes',
      simulation.quirks.hidesCache === true ? [] : [...execution.prompt.keys()].filter((id) => cached.includes(id)),
    ],
    ['prompt_id', item.id],
  ];
  note(execution, 'execution_cached', cachedData, false);
  const success = await runPlan(execution, keys);
  const entry = new Map<string, Json>([
    ['outputs', execution.outputs],
    ['meta', execution.meta],
  ]);
  return { entry, success, messages: execution.messages };
}

/** `IS_CHANGED` of every node that has one; an `is_changed` that was submitted is believed. */
async function withFingerprints({ classes, base }: Simulation, prompt: JsonObject): Promise<JsonObject> {
  const marked: JsonObject = new Map();
  for (const [id, node] of prompt) {
    const fingerprint = classes.get(classAt(prompt, id))?.fingerprint;
    if (!isObject(node) || fingerprint === undefined || node.has('is_changed')) marked.set(id, node);
    else {
      const inputs = node.get('inputs');
      const value = await fingerprint(isObject(inputs) ? inputs : new Map(), base);
      marked.set(id, new Map([...node, ['is_changed', [value]]]));
    }
  }
  return marked;
}

async function runPlan(execution: Execution, keys: ReadonlyMap<string, string>): Promise<boolean> {
  const { cache, classes } = execution.simulation;
  const fromCache = (id: string) => cache.get(keys.get(id) ?? '');
  const view: PlanView = {
    prompt: execution.prompt,
    isCached: (id) => fromCache(id) !== undefined,
    isOutput: (id) => isOutputNode(classes.get(classAt(execution.prompt, id))?.info ?? new Map()),
  };
  for (const id of keys.keys()) {
    const result = fromCache(id);
    if (result !== undefined) execution.results.set(id, result);
  }
  const plan = makePlan(view, execution.item.outputs);
  for (let id = pick(plan, view); id !== undefined; id = pick(plan, view)) {
    try {
      const known = fromCache(id);
      if (known !== undefined) reuse(execution, id, known);
      else cache.set(keys.get(id) ?? '', await perform(execution, id));
    } catch (error) {
      tellFailure(execution, id, error);
      return false;
    }
    complete(plan, id);
  }
  note(execution, 'execution_success', [['prompt_id', execution.item.id]], false);
  return true;
}

/** A cached output node only repeats what it reported. 0.8.0 forgets even that where no client id was given. */
function reuse(execution: Execution, id: string, { ui }: Result): void {
  if (execution.client !== undefined) {
    tellExecuted(execution, id, ui ?? null);
    if (ui !== undefined) report(execution, id, ui);
  }
  finish(execution.states, id);
  tellProgress(execution);
}

async function perform(execution: Execution, id: string): Promise<Result> {
  begin(execution.states, id);
  tellProgress(execution);
  if (execution.client !== undefined) {
    const data = new Map<string, Json>([
      ['node', id],
      ['display_node', id],
      ['prompt_id', execution.item.id],
    ]);
    send(execution.simulation.sockets, execution.client, 'executing', data);
  }
  const result = await runNode(execution, id);
  execution.results.set(id, result);
  if (result.ui !== undefined) {
    report(execution, id, result.ui);
    if (execution.client !== undefined) tellExecuted(execution, id, result.ui);
  }
  finish(execution.states, id);
  tellProgress(execution);
  execution.executed.push(id);
  return result;
}

function report(execution: Execution, id: string, ui: JsonObject): void {
  execution.outputs.set(id, ui);
  execution.meta.set(
    id,
    new Map<string, Json>([
      ['node_id', id],
      ['display_node', id],
      ['parent_node', null],
      ['real_node_id', id],
    ]),
  );
}

function tellExecuted({ simulation, client, item }: Execution, id: string, output: Json): void {
  const data = new Map<string, Json>([
    ['node', id],
    ['display_node', id],
    ['output', output],
    ['prompt_id', item.id],
  ]);
  send(simulation.sockets, client, 'executed', data);
}

function tellFailure(execution: Execution, id: string, error: unknown): void {
  const type = nodeAt(execution.prompt, id)?.get('class_type') ?? null;
  if (error instanceof Interruption)
    note(execution, 'execution_interrupted', interruptedData(execution, id, type), true);
  else note(execution, 'execution_error', failureData(execution, id, type, error), false);
}

/** Into the history, and to the submitter; what is `broadcast` goes to everybody where there is none. */
function note(execution: Execution, type: string, members: [string, Json][], broadcast: boolean): void {
  const data = new Map<string, Json>([...members, ['timestamp', Date.now()]]);
  execution.messages.push([type, data]);
  if (execution.client !== undefined || broadcast) send(execution.simulation.sockets, execution.client, type, data);
}
