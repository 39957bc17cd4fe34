import { ServerError } from '../errors.js';
import type { Environment } from '../lineage/state.js';
import type { PackEntry } from '../lock/entries.js';
import { isObject, type Json } from '../workflow/json.js';
import { replyJson } from './answers.js';
import { capturedCode, capturedEnvironment } from './captured-environment.js';
import { exchange } from './http.js';
import type { Asking } from './requests.js';
import type { Server } from './server.js';

/** What the capture pack of a server tells (`templates/capture-pack`, docs/capture-pack.md). */
export interface CapturePack {
  readonly environment: Environment;
  readonly comfyui: PackEntry;
  readonly packs: ReadonlyMap<string, PackEntry>;
}

const path = '/gitcomfy/environment';
/** Five thousand packages and a thousand packs are well below. */
const maxBytes = 4 * 1024 * 1024;
const maxPacks = 5000;

/** `GET /gitcomfy/environment`; `undefined` for a server without the pack, or one that has just been started. */
export async function askCapturePack(server: Server, { signal }: Asking = {}): Promise<CapturePack | undefined> {
  const reply = await exchange(server, path, { maxBytes, ...(signal === undefined ? {} : { signal }) });
  if (reply.status !== 200 || !reply.type.includes('json')) return undefined;
  const answer = read(server, reply);
  const version = isObject(answer) ? answer.get('pack') : undefined;
  if (!isObject(answer) || typeof version !== 'string') return undefined;
  const packs = answer.get('packs');
  const entries = isObject(packs) ? [...packs].slice(0, maxPacks) : [];
  return {
    environment: capturedEnvironment(answer.get('environment'), version),
    comfyui: capturedCode(answer.get('comfyui')),
    packs: new Map(entries.map(([name, entry]) => [name, capturedCode(entry)])),
  };
}

/** What cannot be read is no capture pack of ours. */
function read(server: Server, reply: Parameters<typeof replyJson>[2]): Json {
  try {
    return replyJson(server, path, reply);
  } catch (error) {
    if (error instanceof ServerError) return null;
    throw error;
  }
}
