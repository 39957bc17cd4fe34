import { ComfyError, ServerError } from '../errors.js';
import { isObject, type Json, type JsonObject, parseJson } from '../workflow/json.js';
import { exchange, type Reply, type Request } from './http.js';
import type { Server } from './server.js';
import { serverName } from './server-address.js';

/**
 * Asks for JSON and gets JSON.
 * @throws ServerError `not-comfyui` for an answer that is no JSON, `server-refused` for any status but 200; as `exchange`
 */
export async function askJson(server: Server, path: string, request: Request = {}): Promise<Json> {
  const reply = await exchange(server, path, request);
  if (reply.status !== 200) throw refused(server, path, reply);
  return replyJson(server, path, reply);
}

/** As `askJson`, where the answer has to be an object. */
export async function askObject(server: Server, path: string, request: Request = {}): Promise<JsonObject> {
  const answer = await askJson(server, path, request);
  if (!isObject(answer)) throw unexpected(server, path, 'no JSON object');
  return answer;
}

/**
 * Asks for something to be done; the answer's body does not matter.
 * @throws ServerError `server-refused`; as `exchange`
 */
export async function tell(server: Server, path: string, json: string, request: Request = {}): Promise<void> {
  const reply = await exchange(server, path, { ...request, json });
  if (reply.status !== 200) throw refused(server, path, reply);
}

/** The JSON in a reply, numbers as they were written. */
export function replyJson(server: Server, path: string, reply: Reply): Json {
  if (!reply.type.includes('json'))
    throw unexpected(server, path, reply.type === 'text/html' ? 'a web page' : 'no JSON');
  try {
    return parseJson(reply.bytes.toString('utf8'));
  } catch (error) {
    throw unexpected(server, path, 'JSON that cannot be read', error);
  }
}

/** "This is not what a ComfyUI server answers." */
export function unexpected(server: Server, path: string, got: string, cause?: unknown): ServerError {
  const detail = cause instanceof ComfyError ? ` (${cause.message})` : '';
  return new ServerError(
    'not-comfyui',
    `${server.url}${path} answered with ${got}${detail}: is this a ComfyUI server?`,
    {
      hint: 'name the address of ComfyUI itself: --server http://host:port',
      cause,
    },
  );
}

export function refused(server: Server, path: string, reply: Reply): ServerError {
  const said = reply.type === 'text/plain' ? reply.bytes.toString('utf8').split('\n')[0]?.slice(0, 200) : undefined;
  const detail = said === undefined || said === '' ? '' : `: ${said}`;
  return new ServerError(
    // Every ComfyUI has it: where it is not, something else listens, and waiting would not help.
    path === '/system_stats' && reply.status === 404 ? 'not-comfyui' : 'server-refused',
    `${serverName(server)} answered ${path} with status ${reply.status}${detail}`,
    {
      hint: hints[reply.status] ?? 'is this a ComfyUI server? name another one with --server',
    },
  );
}

const hints: Readonly<Record<number, string>> = {
  401: 'it asks for a login: put it into the address, --server http://user:password@host:port',
  403: 'it refuses requests from here; look at its --listen and its reverse proxy',
  413: 'start ComfyUI with a larger --max-upload-size',
  500: 'the log of ComfyUI says what went wrong',
};
