import { randomUUID } from 'node:crypto';
import { isArray, isObject, type Json, type JsonObject, toDouble } from '../../workflow/json.js';
import { currentClasses } from './object-info-routes.js';
import { PythonError, pythonFloat, str } from './python.js';
import { type Asked, bodyObject, json, type Reply } from './reply.js';
import type { QueueItem, Simulation } from './simulation.js';
import { refuse, validatePrompt } from './validate.js';
import { enqueue } from './worker.js';

/** Secrets that 0.8.0 takes out of what `/queue` and `/history` show. */
const sensitive = ['auth_token_comfy_org', 'api_key_comfy_org'];

/** `POST /prompt`: checks, then queues. 200 also when only some of the outputs can run. */
export async function postPrompt(simulation: Simulation, asked: Asked): Promise<Reply> {
  const body = bodyObject(asked);
  const { number, shownNumber } = takeNumber(simulation, body);
  const prompt = body.get('prompt');
  if (prompt === undefined) {
    const { error, nodeErrors } = refuse('no_prompt', 'No prompt provided', 'No prompt provided');
    return refusal(error, nodeErrors);
  }
  const checked = await check(simulation, prompt, body.get('partial_execution_targets'));
  const extraData = extraDataOf(body);
  if (!checked.ok) return refusal(checked.error, checked.nodeErrors);
  const given = body.get('prompt_id');
  const id = given === undefined ? randomUUID() : str(given);
  const outputs = simulation.orderOutputs(checked.outputs);
  const item: QueueItem = { number, shownNumber, id, prompt: prompt as JsonObject, extraData, outputs };
  enqueue(simulation, item);
  return json(
    new Map<string, Json>([
      ['prompt_id', id],
      ['number', shownNumber],
      ['node_errors', checked.nodeErrors],
    ]),
  );
}

async function check(simulation: Simulation, prompt: Json, targets: Json | undefined) {
  // An empty list is as good as an empty object there; anything else breaks the server.
  const nodes = isArray(prompt) && prompt.length === 0 ? new Map<string, Json>() : prompt;
  if (!isObject(nodes)) throw new PythonError('TypeError', 'no object');
  const classes = await currentClasses(simulation);
  return validatePrompt(nodes, classes, simulation.base, isArray(targets) ? targets : undefined);
}

/** A counter, turned round by `front`, unless the client names a number. */
function takeNumber(simulation: Simulation, body: JsonObject): { number: number; shownNumber: Json } {
  const given = toDouble(body.get('number'));
  if (given !== undefined) return { number: given, shownNumber: pythonFloat(given) };
  const counter = simulation.nextNumber++;
  const number = body.get('front') === true ? 0 - counter : counter;
  return { number, shownNumber: number };
}

function extraDataOf(body: JsonObject): JsonObject {
  const given = body.get('extra_data');
  if (given !== undefined && !isObject(given)) throw new PythonError('TypeError', 'extra_data is no object');
  const kept: JsonObject = new Map([...(given ?? [])].filter(([key]) => !sensitive.includes(key)));
  const client = body.get('client_id');
  if (client !== undefined) kept.set('client_id', client);
  kept.set('create_time', Date.now());
  return kept;
}

function refusal(error: JsonObject, nodeErrors: JsonObject): Reply {
  return json(
    new Map<string, Json>([
      ['error', error],
      ['node_errors', nodeErrors],
    ]),
    400,
  );
}
