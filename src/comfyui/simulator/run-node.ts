import { setImmediate as nextTurn } from 'node:timers/promises';
import { isArray, isObject, type Json, type JsonObject } from '../../workflow/json.js';
import type { Result } from './cache.js';
import { type Execution, tellProgress } from './execution.js';
import { listAt } from './interfaces.js';
import { constant, type NodeResult, type SimulatedClass, type Work } from './node-class.js';
import { keyOf, randomFrom } from './paint.js';
import { update } from './progress.js';
import { classAt, inputsAt, linkOf } from './prompt-view.js';
import { PythonError } from './python.js';
import type { QueueItem } from './simulation.js';
import { send, sendPlainPreview, sendPreview, sendText } from './sockets.js';
import type { Value } from './values.js';

/** `/interrupt` came while a node ran. */
export class Interruption extends Error {}

/**
 * Runs one node. Every output is a list of values; a node runs once for each value of its longest input, unless it takes lists whole.
 * @throws Interruption, PythonError
 */
export async function runNode(execution: Execution, id: string): Promise<Result> {
  const { classes } = execution.simulation;
  const found = classes.get(classAt(execution.prompt, id));
  if (found === undefined) throw new PythonError('KeyError', `'${id}'`);
  const lists = inputLists(execution, id);
  const work = workOf(execution, id);
  if (found.runOnLists !== undefined) return gather(found, [await found.runOnLists(lists, work)]);
  const times = Math.max(1, ...[...lists.values()].map((list) => list.length));
  const results: NodeResult[] = [];
  for (let time = 0; time < times; time++) {
    const inputs = [...lists].map(([name, list]) => [name, list[Math.min(time, list.length - 1)]] as const);
    const given = inputs.filter((input): input is readonly [string, Value] => input[1] !== undefined);
    await pause(work.signal);
    results.push(await found.run(new Map(given), work));
  }
  return gather(found, results);
}

function inputLists(execution: Execution, id: string): Map<string, readonly Value[]> {
  const lists = new Map<string, readonly Value[]>();
  for (const [name, value] of inputsAt(execution.prompt, id)) {
    const link = linkOf(value);
    const linked = link === undefined ? undefined : execution.results.get(link.node)?.outputs[link.slot];
    lists.set(name, link === undefined ? [constant(value)] : (linked ?? []));
  }
  return lists;
}

function gather({ info }: SimulatedClass, results: readonly NodeResult[]): Result {
  const areLists = listAt(info, 'output_is_list');
  const outputs = listAt(info, 'output').map((_, slot) =>
    results.flatMap(({ outputs }): Value[] => {
      const value = outputs[slot];
      if (value === undefined) return [];
      return areLists[slot] === true && Array.isArray(value) ? [...(value as readonly Value[])] : [value as Value];
    }),
  );
  const ui: JsonObject = new Map();
  for (const result of results) {
    for (const [key, items] of Object.entries(result.ui ?? {})) {
      const before = ui.get(key);
      ui.set(key, [...(isArray(before) ? before : []), ...items]);
    }
  }
  return ui.size === 0 ? { outputs } : { outputs, ui };
}

function workOf(execution: Execution, id: string): Work {
  const { simulation, item, prompt, states, client } = execution;
  const png = item.extraData.get('extra_pnginfo');
  const { signal } = simulation.interrupt;
  return {
    base: simulation.base,
    nodeId: id,
    prompt,
    extraPnginfo: isObject(png) ? png : new Map(),
    signal,
    letters: letters(keyOf(simulation.base, id)),
    text: (text) => sendText(simulation.sockets, id, text),
    step: async (value, max, preview) => {
      await pause(signal);
      update(states, id, value, max);
      tellProgress(execution);
      const shown = wantsPreview(item) ? preview : undefined;
      if (shown !== undefined) sendPreview(simulation.sockets, client, shown, previewAbout(id, item.id));
      const steps: [string, Json][] = [
        ['value', value],
        ['max', max],
        ['prompt_id', item.id],
        ['node', id],
      ];
      send(simulation.sockets, client, 'progress', new Map(steps));
      if (shown !== undefined) sendPlainPreview(simulation.sockets, client, shown);
    },
  };
}

/** Lets other requests in, an `/interrupt` among them. */
async function pause(signal: AbortSignal): Promise<void> {
  await nextTurn();
  if (signal.aborted) throw new Interruption();
}

/** A server started without `--preview-method` shows none, unless the prompt asks. */
const wantsPreview = ({ extraData }: QueueItem) =>
  ['latent2rgb', 'taesd', 'auto'].includes(String(extraData.get('preview_method')));

const previewAbout = (id: string, promptId: string): JsonObject =>
  new Map<string, Json>([
    ['node_id', id],
    ['prompt_id', promptId],
    ['display_node_id', id],
    ['parent_node_id', null],
    ['real_node_id', id],
    ['image_type', 'image/jpeg'],
  ]);

function letters(key: string): string {
  const random = randomFrom(key);
  return Array.from({ length: 5 }, () => 'abcdefghijklmnopqrstupvxyz'[Math.floor(random() * 26)]).join('');
}
