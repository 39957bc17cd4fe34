import { objectInfo } from '../comfyui/requests.js';
import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import { ServerError } from '../errors.js';
import type { Repository } from '../git/repository.js';
import type { Workflow } from '../workflow/graph.js';
import type { JsonObject } from '../workflow/json.js';
import { classesInFile } from '../workflow/packs-named.js';
import { rememberedInterfaces, rememberInterfaces } from './remembered-interfaces.js';
import { type ServerWish, serverFor } from './server-choice.js';

/** What is known of the classes of a workflow, and from whom. */
export interface Described {
  /** As `/object_info` has it. */
  readonly info: JsonObject;
  /** `undefined` where none answered, and an earlier answer is used. */
  readonly server: Server | undefined;
  /** Which server gave the newest of the earlier answers. */
  readonly remembered?: string;
}

/** Asks a server for what a conversion of this workflow needs, and keeps the answer for when none runs. */
export async function askInterfaces(
  repository: Repository | undefined,
  server: Server,
  workflow: Workflow,
  signal: AbortSignal,
): Promise<JsonObject> {
  const info = await objectInfo(server, classesInFile(workflow), { signal });
  if (repository !== undefined) await rememberInterfaces(repository, serverName(server), info);
  return info;
}

/**
 * The interfaces of a workflow's classes: from a server, else as one last answered. Where the earlier answers lack a class, the missing server is the
 * news.
 * @throws ServerError
 */
export async function describedBy(
  repository: Repository | undefined,
  workflow: Workflow,
  wish: ServerWish,
): Promise<Described> {
  try {
    const server = await serverFor(repository, wish);
    return { info: await askInterfaces(repository, server, workflow, wish.signal), server };
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'no-server' || repository === undefined) throw error;
    const { info, server } = await rememberedInterfaces(repository);
    if (classesInFile(workflow).some((name) => !info.has(name))) throw error;
    return { info, server: undefined, remembered: server };
  }
}
