import { objectInfo } from '../comfyui/requests.js';
import type { Server } from '../comfyui/server.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import type { JsonObject } from '../workflow/json.js';
import { readObjectInfo } from '../workflow/read-interfaces.js';

/**
 * Interfaces of node classes as a server describes them: of all that were ever asked for, and each is asked for once.
 * @throws ServerError as `exchange`
 */
export type NodeInterfaces = (classes: readonly string[]) => Promise<ObjectInfo>;

export function askedInterfaces(server: Server, signal: AbortSignal): NodeInterfaces {
  const asked = new Set<string>();
  const found: JsonObject = new Map();
  let read: ObjectInfo = new Map();
  return async (classes) => {
    const missing = classes.filter((name) => !asked.has(name));
    if (missing.length === 0) return read;
    for (const [name, info] of await objectInfo(server, missing, { signal })) found.set(name, info);
    for (const name of missing) asked.add(name);
    read = readObjectInfo(found);
    return read;
  };
}
