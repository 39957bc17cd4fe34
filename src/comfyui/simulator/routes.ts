import { isArray, type Json, type JsonObject } from '../../workflow/json.js';
import { packEnvironment, packHashes } from './capture-pack-routes.js';
import { historyEntries, removeFromHistory } from './history-routes.js';
import { embeddings, experimentModels, folders, modelFolderNames, modelList, viewMetadata } from './model-routes.js';
import { objectInfo } from './object-info-routes.js';
import { postPrompt } from './prompt-route.js';
import { type Asked, bodyObject, empty, json, type Reply, trouble, unknownPath } from './reply.js';
import { itemJson, type Simulation, statusData } from './simulation.js';
import { features } from './sockets.js';
import { systemStats } from './system-stats.js';
import { upload } from './upload-route.js';
import { view } from './view-route.js';
import { clearQueue, consumeFlags, deleteFromQueue } from './worker.js';

export type Route = (simulation: Simulation, asked: Asked, parameter: string) => Reply | Promise<Reply>;

/** `METHOD path`; a final `*` is the parameter. All of them exist below `/api` too, but for `/internal`. */
const routes: Readonly<Record<string, Route>> = {
  'GET /': () => ({
    status: 200,
    type: 'text/html',
    body: Buffer.from('<!doctype html><title>Simulated ComfyUI</title>'),
  }),
  'GET /prompt': (simulation) => json(statusData(simulation).get('status') ?? null),
  'POST /prompt': postPrompt,
  'GET /queue': (simulation) => json(queueJson(simulation)),
  'POST /queue': (simulation, asked) => changeQueue(simulation, bodyObject(asked)),
  'POST /interrupt': interrupt,
  'POST /free': free,
  'GET /history': (simulation, asked) => json(historyEntries(simulation, asked.query)),
  'POST /history': (simulation, asked) => removeFromHistory(simulation, bodyObject(asked)),
  'GET /history/*': (simulation, _asked, id) => {
    const entry = simulation.history.get(id);
    return json(entry === undefined ? new Map() : new Map([[id, entry]]));
  },
  'GET /object_info': (simulation) => objectInfo(simulation),
  'GET /object_info/*': (simulation, _asked, name) => objectInfo(simulation, name),
  'GET /system_stats': (simulation) => json(systemStats(simulation)),
  'GET /features': () => json(features),
  'GET /models': () => json(modelFolderNames()),
  'GET /models/*': (simulation, _asked, folder) => modelList(simulation, folder),
  'GET /experiment/models': (simulation) => json(experimentModels(simulation)),
  'GET /experiment/models/*': (simulation, _asked, folder) => modelList(simulation, folder, true),
  'GET /embeddings': (simulation) => embeddings(simulation),
  'GET /view_metadata/*': (simulation, asked, folder) =>
    viewMetadata(simulation, folder, asked.query.get('filename') ?? ''),
  'GET /internal/folder_paths': (simulation) => json(folders(simulation)),
  'PATCH /internal/logs/subscribe': () => empty(200),
  'GET /view': view,
  'HEAD /view': view,
  'POST /upload/image': upload,
  'POST /upload/mask': upload,
  'GET /users': () =>
    json(
      new Map<string, Json>([
        ['storage', 'server'],
        ['migrated', true],
      ]),
    ),
  'GET /gitcomfy/environment': packEnvironment,
  'POST /gitcomfy/hash': packHashes,
  'GET /extensions': () => json([]),
};

/** Answers one request; what a route cannot digest is a 500, as with the real server. */
export async function answer(simulation: Simulation, method: string, asked: Asked): Promise<Reply> {
  if (!sameOrigin(asked.headers)) return empty(403);
  const found = findRoute(method, asked.path);
  if (found === undefined) return unknownPath;
  try {
    return await found.route(simulation, asked, found.parameter);
  } catch {
    return trouble;
  }
}

function findRoute(method: string, path: string): { route: Route; parameter: string } | undefined {
  const exact = routes[`${method} ${path}`];
  if (exact !== undefined) return { route: exact, parameter: '' };
  const slash = path.lastIndexOf('/');
  const open = routes[`${method} ${path.slice(0, slash)}/*`];
  if (open !== undefined) return { route: open, parameter: decodeURIComponent(path.slice(slash + 1)) };
  const inner = /^\/api(\/(?!internal\/|api\/).*)$/.exec(path)?.[1];
  return inner === undefined ? undefined : findRoute(method, inner);
}

/** A browser page of another origin is refused where the host is this machine. */
function sameOrigin({ host, origin }: Asked['headers']): boolean {
  if (host === undefined || origin === undefined) return true;
  return !/^(?:127\.|localhost|\[::1\])/.test(host) || origin.replace(/^https?:\/\//, '') === host;
}

function queueJson({ running, pending }: Simulation): JsonObject {
  return new Map<string, Json>([
    ['queue_running', running === undefined ? [] : [itemJson(running)]],
    ['queue_pending', pending.map(itemJson)],
  ]);
}

function changeQueue(simulation: Simulation, body: JsonObject): Reply {
  if (body.get('clear') === true) clearQueue(simulation);
  const ids = body.get('delete');
  for (const id of isArray(ids) ? ids : []) deleteFromQueue(simulation, id);
  return empty(200);
}

/** Of the prompt that runs; one that names another prompt does nothing. */
function interrupt(simulation: Simulation, asked: Asked): Reply {
  const body = asked.body.length === 0 ? new Map() : bodyObject(asked);
  const id = body.get('prompt_id');
  if (id === undefined || id === simulation.running?.id) simulation.interrupt.abort();
  return empty(200);
}

function free(simulation: Simulation, asked: Asked): Reply {
  if (bodyObject(asked).get('free_memory') === true) simulation.freeWanted = true;
  consumeFlags(simulation);
  return empty(200);
}
