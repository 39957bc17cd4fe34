import { ServerError } from '../errors.js';
import { isArray, isObject, type Json, type JsonObject, writeJson } from '../workflow/json.js';
import { nodeName } from './node-name.js';

/** What was queued; titles of its nodes stand in messages. */
export interface Queued {
  readonly prompt: JsonObject;
  readonly workflow?: JsonObject;
}

/**
 * The error for a prompt that the server refused (status 400), or of which it dropped a branch (status 200 with `node_errors`):
 * one line a wrong input, with the node's title and what the server wanted.
 */
export function refusal(answer: JsonObject, queued: Queued): ServerError {
  const problems = nodeProblems(answer.get('node_errors'), queued);
  const lines = problems.map(({ text }) => text);
  if (lines.length === 0) lines.push(overall(answer.get('error'), queued));
  return new ServerError('prompt-refused', `ComfyUI refused the workflow: ${lines.join('; ')}`, {
    hint: hintOf(problems, answer.get('error')),
  });
}

function hintOf(problems: readonly Problem[], error: Json | undefined): string {
  if (problems.some(({ missingModel }) => missingModel)) {
    return 'put the file into the folder where ComfyUI looks for it, or choose another one in the workflow';
  }
  const unknown = isObject(error) && /does not exist|not found/.test(text(error.get('message')));
  if (problems.length === 0 && unknown)
    return 'install the pack that has this node, restart ComfyUI, then run it again';
  return 'open the workflow in ComfyUI to mend it, then run it again';
}

interface Problem {
  readonly text: string;
  readonly missingModel: boolean;
}

function nodeProblems(nodeErrors: Json | undefined, queued: Queued): Problem[] {
  const entries = isObject(nodeErrors) ? [...nodeErrors] : [];
  return entries.flatMap(([id, entry]) => {
    const errors = isObject(entry) ? entry.get('errors') : undefined;
    const name = nodeName(id, queued.prompt, queued.workflow);
    return (isArray(errors) ? errors : []).filter(isObject).map((error) => problem(name, error));
  });
}

/** At most so much of a server's own words goes into a message. */
const enough = 300;
const modelFile = /\.(?:safetensors|sft|ckpt|pt2?|pth|bin|gguf)$/i;

function problem(name: string, error: JsonObject): Problem {
  const info = error.get('extra_info');
  const input = isObject(info) ? text(info.get('input_name')) : '';
  const received = isObject(info) ? info.get('received_value') : undefined;
  const details = text(error.get('details')).trim().slice(0, enough);
  const type = error.get('type');
  const missingModel = type === 'value_not_in_list' && typeof received === 'string' && modelFile.test(received);
  if (missingModel) return { text: `${name} ${input}: the server has no ${String(received)}`, missingModel };
  if (type === 'required_input_missing') return { text: `${name} ${input}: needs a value`, missingModel };
  const message = text(error.get('message')).trim().slice(0, enough);
  // Details that only repeat the name of the input say nothing more.
  return {
    text: `${name}${input === '' ? '' : ` ${input}`}: ${joined(message, details === input ? '' : details)}`,
    missingModel,
  };
}

function overall(error: Json | undefined, queued: Queued): string {
  if (!isObject(error)) return 'it did not say why';
  const details = text(error.get('details')).trim().slice(0, enough);
  const id = /^Node ID '#(.*)'$/.exec(details)?.[1];
  const message = text(error.get('message')).trim().slice(0, enough);
  return id === undefined ? joined(message, details) : `${nodeName(id, queued.prompt, queued.workflow)}: ${message}`;
}

function joined(message: string, details: string): string {
  if (details === '' || details === message) return message === '' ? 'it did not say why' : message;
  return message === '' ? details : `${message} (${details})`;
}

const text = (value: Json | undefined) =>
  typeof value === 'string' ? value : value === undefined ? '' : writeJson(value);
