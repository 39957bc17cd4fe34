import { isObject, type JsonObject, writeJson } from '../workflow/json.js';
import { refused, replyJson, unexpected } from './answers.js';
import { cancelPrompt } from './cancel-prompt.js';
import { exchange } from './http.js';
import { type Queued, refusal } from './refusal.js';
import type { Server } from './server.js';

/** Tells whoever watches the server that the one who queued this records it; it goes into no picture. */
export const recordsItself = 'git_comfy_records';

export interface Queueing {
  /** A canonical lower-case uuid: newer servers take no other. */
  readonly promptId: string;
  readonly clientId: string;
  readonly signal: AbortSignal;
}

/**
 * Puts a prompt into the server's queue; the workflow goes along as `extra_pnginfo.workflow`, to be embedded in what is saved.
 * A client id is always sent: without one, versions 0.3.68 to mid-2026 report no outputs of cached nodes.
 * @returns the id that the server gave it
 * @throws ServerError `prompt-refused`, also when only a part was refused (that prompt is taken back)
 */
export async function queuePrompt(server: Server, queued: Queued, queueing: Queueing): Promise<string> {
  const { promptId, clientId, signal } = queueing;
  const reply = await exchange(server, '/prompt', { json: body(queued, promptId, clientId), signal });
  if (reply.status !== 200 && !(reply.status === 400 && reply.type.includes('json'))) {
    throw refused(server, '/prompt', reply);
  }
  const answer = replyJson(server, '/prompt', reply);
  if (!isObject(answer)) throw unexpected(server, '/prompt', 'no JSON object');
  if (reply.status === 400) throw refusal(answer, queued);
  const id = answer.get('prompt_id') ?? promptId;
  if (typeof id !== 'string' || id === '') throw unexpected(server, '/prompt', 'no prompt id');
  if (hasNodeErrors(answer)) {
    // 200 does not mean that everything runs: branches that failed are dropped silently.
    await cancelPrompt(server, id);
    throw refusal(answer, queued);
  }
  return id;
}

function hasNodeErrors(answer: JsonObject): boolean {
  const errors = answer.get('node_errors');
  return isObject(errors) && errors.size > 0;
}

function body({ prompt, workflow }: Queued, promptId: string, clientId: string): string {
  const message: JsonObject = new Map();
  message.set('prompt', prompt);
  message.set('client_id', clientId);
  message.set('prompt_id', promptId);
  const extra: JsonObject = new Map([[recordsItself, true]]);
  if (workflow !== undefined) extra.set('extra_pnginfo', new Map([['workflow', workflow]]));
  message.set('extra_data', extra);
  return writeJson(message);
}
