import { ServerError } from '../errors.js';
import { isArray, isObject, type JsonObject, stringsIn, toDouble } from '../workflow/json.js';
import { nodeName } from './node-name.js';
import { outputFiles } from './output-files.js';
import type { Queued } from './refusal.js';
import type { OutputFile } from './server.js';

/** What the server's history says of a finished prompt. Client ids and other `extra_data` are left behind. */
export interface FinishedRun {
  /** As executed: after the server's validation, which rewrites values (`"64"` -> `64`). */
  readonly prompt: JsonObject;
  /** Node ids that were served from the server's cache. */
  readonly cached: readonly string[];
  readonly outputs: readonly OutputFile[];
  readonly start: Date;
  /** Milliseconds. */
  readonly duration: number;
}

/**
 * Reads a history entry. `status_str` is not to be trusted; the last message is.
 * @throws ServerError `run-failed` with node and exception, `run-interrupted`, `bad-answer`
 */
export function readFinishedRun(entry: JsonObject, queued: Queued): FinishedRun {
  const messages = messagesOf(entry);
  const failed = messages.get('execution_error');
  if (failed !== undefined) throw runFailed(failed, queued);
  if (messages.has('execution_interrupted')) {
    throw new ServerError('run-interrupted', 'the run was interrupted on the server', { hint: 'run it again' });
  }
  const done = messages.get('execution_success');
  if (done === undefined) throw badAnswer('a history entry without an end');
  const tuple = entry.get('prompt');
  const prompt = isArray(tuple) ? tuple[2] : undefined;
  if (!isObject(prompt)) throw badAnswer('a history entry without a prompt');
  const start = timestamp(messages.get('execution_start')) ?? timestamp(done);
  if (start === undefined) throw badAnswer('a history entry without times');
  return {
    prompt,
    cached: stringsIn(messages.get('execution_cached')?.get('nodes')),
    outputs: outputFiles(entry.get('outputs')),
    start: new Date(start),
    duration: Math.max(0, (timestamp(done) ?? start) - start),
  };
}

function messagesOf(entry: JsonObject): Map<string, JsonObject> {
  const status = entry.get('status');
  const list = isObject(status) ? status.get('messages') : undefined;
  const found = new Map<string, JsonObject>();
  for (const message of isArray(list) ? list : []) {
    if (!isArray(message)) continue;
    const [type, data] = message;
    if (typeof type === 'string' && isObject(data)) found.set(type, data);
  }
  return found;
}

function runFailed(error: JsonObject, queued: Queued): ServerError {
  const id = error.get('node_id');
  const name = nodeName(typeof id === 'string' ? id : '?', queued.prompt, queued.workflow);
  const type = error.get('exception_type');
  const message = error.get('exception_message');
  // The message may be pages long, and the stack trace names paths of the server: its first line is what people need.
  const said = (typeof message === 'string' ? message : '').trim().split('\n')[0]?.slice(0, 300) ?? '';
  const what = [typeof type === 'string' ? type : '', said].filter((part) => part !== '').join(': ');
  return new ServerError('run-failed', `${name} failed: ${what === '' ? 'it did not say why' : what}`, {
    hint: failureHint(what),
  });
}

/** What the usual failures mean to who sees them. */
const failures: readonly (readonly [RegExp, string])[] = [
  [/out ?of ?memory/i, 'memory ran out: take a smaller size or batch, or fewer models at once'],
  [
    /loading state_dict|size mismatch|shapes cannot be multiplied/i,
    'the models do not fit each other or this node (SD 1.5 with SDXL, say); choose others',
  ],
  [/^FileNotFoundError/, 'a file that the node reads is not there; git comfy verify names what is missing'],
];

const failureHint = (what: string) =>
  failures.find(([sign]) => sign.test(what))?.[1] ?? 'the log of ComfyUI has the whole story';

/** Milliseconds since 1970, within what a Date can hold. */
function timestamp(message: JsonObject | undefined): number | undefined {
  const value = toDouble(message?.get('timestamp'));
  return value !== undefined && value >= 0 && value < 8.64e15 ? value : undefined;
}

const badAnswer = (what: string) =>
  new ServerError('bad-answer', `the server sent ${what}`, { hint: 'update ComfyUI, or look at its log' });
