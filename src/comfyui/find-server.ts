import { ServerError } from '../errors.js';
import { isObject } from '../workflow/json.js';
import { unexpected } from './answers.js';
import { unreachable } from './http.js';
import { nobodyListens } from './listening.js';
import { systemStats } from './requests.js';
import type { Server } from './server.js';
import { serverAt } from './server-address.js';

/**
 * The first of several addresses at which a ComfyUI server answers.
 * @throws ServerError `no-server` when none answers, `not-comfyui` when what answers is something else, `server-address`
 */
export async function findServer(candidates: readonly string[], signal: AbortSignal): Promise<Server> {
  let strange: ServerError | undefined;
  let silent: ServerError | undefined;
  for (const server of candidates.map(serverAt)) {
    try {
      await checkServer(server, signal);
      return server;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      if (error.code === 'no-server') silent ??= error;
      else strange ??= error;
    }
  }
  throw strange ?? nobody(candidates, silent);
}

/** `/system_stats` has `system.comfyui_version` since long; an object of that shape is nobody else's. */
async function checkServer(server: Server, signal: AbortSignal): Promise<void> {
  if (await nobodyListens(server.url)) throw unreachable(server, { cause: { code: 'ECONNREFUSED' } });
  const stats = await systemStats(server, { signal });
  if (!isObject(stats.get('system'))) throw unexpected(server, '/system_stats', 'something else');
}

function nobody(candidates: readonly string[], silent: ServerError | undefined): ServerError {
  if (candidates.length === 1 && silent !== undefined) return silent;
  const places = candidates.join(' and ');
  return new ServerError('no-server', `no ComfyUI server answers at ${places}`, {
    hint: 'start ComfyUI, or name its address: --server http://host:port',
    cause: silent,
  });
}
