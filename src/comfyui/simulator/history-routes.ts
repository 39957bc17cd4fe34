import { isArray, type JsonObject } from '../../workflow/json.js';
import { empty, type Reply } from './reply.js';
import type { Simulation } from './simulation.js';

/** Entries in the order of completion: from `offset` on, at most `max_items`; without an offset the newest ones. */
export function historyEntries({ history }: Simulation, query: URLSearchParams): JsonObject {
  const entries = [...history];
  const most = query.has('max_items') ? Number(query.get('max_items')) : undefined;
  const offset = Number(query.get('offset') ?? -1);
  const first = offset >= 0 ? offset : most === undefined ? 0 : Math.max(0, entries.length - most);
  return new Map(entries.slice(first, most === undefined ? undefined : first + Math.max(1, most)));
}

/** `{"clear": true}` and `{"delete": [ids]}`. */
export function removeFromHistory({ history }: Simulation, body: JsonObject): Reply {
  if (body.get('clear') === true) history.clear();
  const ids = body.get('delete');
  for (const id of isArray(ids) ? ids : []) history.delete(String(id));
  return empty(200);
}
